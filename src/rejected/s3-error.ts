import { ConfigError } from '../errors/config-error.ts';
import { TransientError } from '../errors/transient-error.ts';
import { isTlsCode } from '../vitally/http/exchange.ts';

/** What failed and what to do, as two parts of a sentence. */
interface Trouble {
  readonly what: string;
  readonly remedy: string;
}

const WRONG_KEYS: Trouble = {
  what: 'the keys are refused',
  remedy:
    'Check access_key_id and secret_access_key in object_storage_config, and that they were not revoked',
};
const WRONG_REGION: Trouble = {
  what: 'the bucket is in another region',
  remedy: 'Name its region in s3_bucket_region',
};
const NO_KEYS: Trouble = {
  what: 'there are no keys for it',
  remedy:
    'Set access_key_id and secret_access_key in object_storage_config, or give the process rights by its environment',
};
const NO_BUCKET: Trouble = {
  what: 'there is no such bucket',
  remedy: 'Make it, or name another in s3_bucket_name',
};
const DENIED: Trouble = {
  what: 'this may not be done with these keys',
  remedy:
    'Allow s3:PutObject and s3:DeleteObject on the bucket and path, and the role to be assumed if there is one',
};
const FULL: Trouble = { what: 'it takes nothing more', remedy: 'Free some space or raise the quota' };

/** By the name of the client's error: the service's code, or one of the client's own (Amazon S3 API, "Error responses"). */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  NoSuchBucket: NO_BUCKET,
  AccessDenied: DENIED,
  InvalidAccessKeyId: WRONG_KEYS,
  SignatureDoesNotMatch: WRONG_KEYS,
  InvalidClientTokenId: WRONG_KEYS,
  ExpiredToken: WRONG_KEYS,
  TokenRefreshRequired: WRONG_KEYS,
  CredentialsProviderError: NO_KEYS,
  PermanentRedirect: WRONG_REGION,
  AuthorizationHeaderMalformed: WRONG_REGION,
  IllegalLocationConstraintException: WRONG_REGION,
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  RequestTimeTooSkewed: {
    what: "this machine's clock is wrong by more than a quarter of an hour",
    remedy: 'Set it',
  },
  ADDRESS_REFUSED: {
    what: 'its host has an address to which no request goes',
    remedy: 'Check s3_endpoint, and who answers for the name in DNS',
  },
  ENOTFOUND: { what: 'its host is unknown', remedy: 'Check s3_endpoint and s3_bucket_region' },
};

/** By status, where the name tells nothing: a proxy or another service answered. */
const BY_STATUS: Readonly<Record<number, Trouble>> = {
  301: WRONG_REGION,
  401: WRONG_KEYS,
  403: DENIED,
  404: NO_BUCKET,
};

/**
 * A failure of the bucket, naming it and the remedy: the user's to mend, or one that passes. It quotes nothing of the
 * service's words, which may hold a key.
 *
 * @param kept what the store keeps, as the beginning of a sentence
 * @param place the bucket and path, as `s3://bucket/path`
 */
export function s3Error(kept: string, place: string, error: unknown): ConfigError | TransientError {
  const { code, status } = factsOf(error);
  const trouble =
    TROUBLES[code] ?? (status === undefined ? undefined : BY_STATUS[status]) ?? tlsTrouble(code);
  const technical = `${code}${status === undefined ? '' : `, status ${status}`}`;
  const shown = `${kept} can't be kept in ${place}`;
  if (trouble === undefined) {
    return new TransientError(
      `${shown}: the service kept failing (${technical}). Run the sync again when it can be reached; if this goes on, ` +
        'check s3_endpoint, network and proxy.',
      { technical },
    );
  }
  return new ConfigError(`${shown}: ${trouble.what} (${code}). ${trouble.remedy}; then run the sync again.`, {
    technical,
  });
}

/** Whether a failure says that these keys may not do this. */
export function isDenied(error: unknown): boolean {
  const { code, status } = factsOf(error);
  return code === 'AccessDenied' || (TROUBLES[code] === undefined && status === 403);
}

function tlsTrouble(code: string): Trouble | undefined {
  if (!isTlsCode(code)) return undefined;
  return {
    what: 'there is no trusted TLS connection to it',
    remedy: 'Check s3_endpoint and its port, or name its certificate in NODE_EXTRA_CA_CERTS',
  };
}

/** Name and status of an error of the client: its own name says little where it wraps one of the system. */
function factsOf(error: unknown): { readonly code: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { code: 'unknown', status: undefined };
  const status = statusOf(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code: /^[\w.]{1,60}$/.test(code) ? code : 'unknown', status };
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
