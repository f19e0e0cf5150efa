import { addFault, type Findings } from '../errors/findings.ts';
import { isJsonObject, own } from '../json/guards.ts';
import { parseBaseUrl } from './connection/base-url.ts';
import type { Secret } from './connection/redact.ts';
import type { Config, S3Config } from './schema/config.ts';

/** The object of a config that has `storage_type`. */
export const STORAGE_PATH = '/object_storage_config';

/** A bucket of Amazon S3, or of a service that speaks its language. */
export interface S3Storage {
  readonly type: 'S3';
  readonly bucket: string;
  readonly region: string;
  /** Of another service than Amazon's, without a trailing slash. */
  readonly endpoint: string | undefined;
  /** Stands before the names of all objects, without a slash at either end; empty where none was given. */
  readonly path: string;
  /** `undefined`: what the environment provides. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** A role to assume with these keys. */
  readonly roleArn: string | undefined;
}

/** Where rejected records and the outcome log are kept. */
export type Storage =
  | { readonly type: 'None' }
  | { readonly type: 'Local'; readonly directory: string }
  | S3Storage;

/** Whether a config, sound or not, asks for an outcome log and for no storage to keep it in. */
export function lacksStorage(config: Readonly<Record<string, unknown>>): boolean {
  const { outcome_log: log, object_storage_config: storage } = config;
  if (log !== 'changed' && log !== 'all') return false;
  return isJsonObject(storage) && own(storage, 'storage_type') === 'None';
}

export const LACKS_STORAGE_FAULT =
  'needs a storage to be kept in: set object_storage_config, such as {"storage_type": "Local", "directory": "/local/rejected"}, ' +
  'or write "none"';

/**
 * The storage that a config names, its faults noted.
 *
 * @param isShared a platform of several customers, whose own machines and rights are out of bounds
 */
export function parseStorage(
  config: Config['object_storage_config'],
  findings: Findings,
  isShared: boolean,
): Storage {
  switch (config.storage_type) {
    case 'None':
      return { type: 'None' };
    case 'Local':
      return { type: 'Local', directory: config.directory };
    case 'S3':
      return s3Storage(config, findings, isShared);
  }
}

/** The secrets of a storage: parts of the secret key count as the key, the key's id counts whole. */
export function storageSecrets(storage: unknown): readonly Secret[] {
  if (!isJsonObject(storage)) return [];
  const [id, secret] = [own(storage, 'access_key_id'), own(storage, 'secret_access_key')];
  return [
    ...(typeof secret === 'string' && secret.trim() !== '' ? [secret.trim()] : []),
    ...(typeof id === 'string' && id.trim() !== '' ? [{ whole: id.trim() }] : []),
  ];
}

function s3Storage(config: S3Config, findings: Findings, isShared: boolean): S3Storage {
  const fault = (option: keyof S3Config, message: string) =>
    addFault(findings, `${STORAGE_PATH}/${option}`, message);
  const endpoint = given(config.s3_endpoint);
  const bucket = config.s3_bucket_name.trim();
  if (!(endpoint === undefined ? AMAZON_BUCKET : ANY_BUCKET).test(bucket))
    fault('s3_bucket_name', "must be the bucket's bare name, as in acme-airbyte: no address, no path");
  const region = config.s3_bucket_region.trim();
  if (!REGION.test(region)) fault('s3_bucket_region', 'must be a region such as eu-central-1');
  const path = (config.bucket_path ?? '').trim().replace(OUTER_SLASHES, '');
  if (!isPlainPath(path))
    fault('bucket_path', 'must be names with / between them: none empty, `.` or `..`, and no control signs');
  const roleArn = given(config.role_arn);
  if (roleArn !== undefined && !ROLE_ARN.test(roleArn))
    fault('role_arn', 'must be the ARN of a role, as in arn:aws:iam::123456789012:role/rejected-records');
  return {
    type: 'S3',
    bucket,
    region,
    endpoint: endpoint === undefined ? undefined : endpointOf(endpoint, config, isShared, fault),
    path,
    keys: keysOf(config, isShared, fault),
    roleArn,
  };
}

type Fault = (option: keyof S3Config, message: string) => void;

function endpointOf(text: string, config: S3Config, isShared: boolean, fault: Fault): string {
  const parsed = parseBaseUrl(text, config.allow_insecure_http ?? false, isShared);
  if (parsed.kind === 'url') return parsed.url;
  fault('s3_endpoint', parsed.message);
  return text;
}

/**
 * Keys come in pairs. On a shared platform they must be given: what its environment provides are the platform's own
 * rights, and no customer may write with them.
 */
function keysOf(config: S3Config, isShared: boolean, fault: Fault): S3Storage['keys'] {
  const [accessKeyId, secretAccessKey] = [given(config.access_key_id), given(config.secret_access_key)];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  if (accessKeyId !== undefined) fault('secret_access_key', 'is missing beside access_key_id');
  if (secretAccessKey !== undefined) fault('access_key_id', 'is missing beside secret_access_key');
  if (accessKeyId === undefined && secretAccessKey === undefined && isShared)
    fault(
      'access_key_id',
      'is missing, with secret_access_key: on this platform the bucket is opened with them alone',
    );
  return undefined;
}

/** Forms leave an optional text empty. */
function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** Amazon's rules for names ("Bucket naming rules"); other services allow a little more. */
const AMAZON_BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ANY_BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;
const REGION = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;
const ROLE_ARN = /^arn:[a-z0-9-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const OUTER_SLASHES = /^\/+|\/+$/g;

/** Some services make folders of a path, and would leave the bucket's folder by `..`. */
function isPlainPath(path: string): boolean {
  if (path === '') return true;
  if (/[\p{Cc}\\]/u.test(path) || Buffer.byteLength(path) > 500) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
