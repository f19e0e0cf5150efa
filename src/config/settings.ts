import type { JsonValue } from '../json/json.ts';

/** The config as the rest of the program knows it: every default filled in, every token normalised. */
export interface Settings {
  readonly region: 'us' | 'eu' | 'custom';
  /** Base of the REST API without a trailing slash, e.g. `https://acme.rest.vitally.io`; `/resources/...` follows. */
  readonly restUrl: string;
  /** Base of the Analytics API without a trailing slash; `/analytics/v1/...` follows. */
  readonly analyticsUrl: string;
  /** Values of the `Authorization` header, in their one right form. */
  readonly restAuthorization: string | undefined;
  readonly analyticsAuthorization: string | undefined;
  readonly streams: readonly StreamSettings[];
  readonly writeVia: 'auto' | 'rest' | 'analytics';
  readonly skipUnchanged: boolean;
  /** Ceiling per API; `undefined`: what Vitally's answers allow. */
  readonly requestsPerMinute: number | undefined;
  readonly rejectedRecords:
    | { readonly policy: 'fail_at_end' }
    | { readonly policy: 'fail_fast' }
    | { readonly policy: 'continue'; readonly maxPercent: number | undefined };
  readonly storage: { readonly type: 'None' } | { readonly type: 'Local'; readonly directory: string };
  /** Every form of every secret in the config, for redaction. */
  readonly secrets: readonly string[];
}

/** What routes are resolved by: settings, or as much of them as is sound. */
export interface RoutingSettings
  extends Pick<Settings, 'restAuthorization' | 'analyticsAuthorization' | 'writeVia'> {
  /** The entries of `streams` in their places; `undefined` where one is wrong in itself. */
  readonly streams: readonly (StreamSettings | undefined)[];
  /** Streams named by entries that are wrong in themselves: nothing can be said of their routes yet. */
  readonly unsound?: ReadonlySet<string>;
}

/** An entry of `streams[]`; what is `undefined` is resolved from the catalog. */
export interface StreamSettings {
  readonly stream: string;
  readonly namespace: string | undefined;
  readonly object: string;
  readonly customObject: string | undefined;
  readonly mode: 'upsert' | 'update' | 'append' | 'delete' | undefined;
  readonly syncKey: readonly string[] | undefined;
  readonly matchOn: 'externalId' | 'id' | 'email' | undefined;
  readonly fields: readonly { readonly source: string; readonly destination: string }[];
  readonly constants: readonly { readonly destination: string; readonly value: JsonValue }[];
  readonly otherColumns: 'traits' | 'drop';
  readonly nulls: 'clear' | 'keep';
  readonly unknownKey: 'skip' | 'reject' | undefined;
  readonly relations: 'add' | 'replace';
  readonly unknownAccounts: 'reject' | 'create';
  readonly ifEmpty: readonly string[];
  readonly preventNewTraits: boolean;
  readonly deleteLimit: { readonly count: number } | { readonly percent: number };
  /** Rows that change data capture marks as deleted. */
  readonly deletedRows: 'skip' | 'delete';
  /** `undefined`: as the connection says. */
  readonly writeVia: Settings['writeVia'] | undefined;
}
