import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Storage } from '../config/storage.ts';
import { guardedLookup } from '../net/guarded-lookup.ts';
import { isSharedPlatform } from '../net/refused-address.ts';
import { type Environment, readProxies } from '../vitally/http/way/proxy-variables.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** For one try to put an object of at most some MiB. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The client waits up to 20 s between tries, so that trouble of a minute passes. */
const MAX_TRIES = 6;

/** What the store asks of a bucket. Every failure is one of the client's own errors. */
export interface Bucket {
  put(key: string, body: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Whether any object's name begins so. */
  hasAny(prefix: string): Promise<boolean>;
}

/**
 * Opens a bucket. Amazon's client is loaded here and only here, since most runs keep their rejected records elsewhere.
 *
 * @param env the process's environment, for its proxy variables and `DEPLOYMENT_MODE`; where the settings have no keys,
 *   the client looks for some by itself, as every program of Amazon's does
 */
export async function openBucket(settings: S3Storage, env: Environment): Promise<Bucket> {
  const { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const client = await clientOf(settings, env);
  const Bucket = settings.bucket;
  return {
    async put(Key, body) {
      const ContentType = Key.endsWith('.jsonl') ? 'application/x-ndjson' : 'text/plain';
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body), ContentType }));
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async hasAny(Prefix) {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }));
      return (page.Contents ?? []).length > 0;
    },
  };
}

async function clientOf(settings: S3Storage, env: Environment): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { region, endpoint, bucket } = settings;
  const requestHandler = {
    ...agents(env),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
  const credentials = await credentialsOf(settings, requestHandler);
  return new S3Client({
    region,
    maxAttempts: MAX_TRIES,
    // Names with dots fit no certificate as a part of a host, and other services need not know the form.
    forcePathStyle: endpoint !== undefined || bucket.includes('.'),
    // Checksums that other services do not know are only sent where the call asks for one.
    requestChecksumCalculation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    requestHandler,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  });
}

/** `undefined`: what the environment provides. A role is asked for by the same way as the bucket. */
async function credentialsOf(
  { keys, roleArn, region }: S3Storage,
  requestHandler: NonNullable<S3ClientConfig['requestHandler']>,
) {
  if (roleArn === undefined) return keys;
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'destination-vitally' },
    clientConfig: { region, requestHandler },
    ...(keys !== undefined && { masterCredentials: keys }),
  });
}

/** The same rules as for Vitally's hosts: proxies, verified TLS, and no address that is refused (Contract 10). */
function agents(env: Environment): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent } {
  const proxies = readProxies(env);
  const options = {
    keepAlive: true,
    // Node gives it to direct connections alone: a proxy's own address is not judged, and it looks names up by itself.
    lookup: guardedLookup(isSharedPlatform(env)),
    proxyEnv: {
      HTTP_PROXY: proxies.http?.url,
      HTTPS_PROXY: (proxies.https ?? proxies.http)?.url,
      NO_PROXY: proxies.noProxy,
    },
  };
  return {
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent({ ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' }),
  };
}
