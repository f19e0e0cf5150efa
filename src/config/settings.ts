import type { Secret } from './connection/redact.ts';
import type { Storage } from './storage.ts';
import type { StreamEntry, StreamOptions, WriteVia } from './stream-options.ts';

/** The config as the rest of the program knows it: every default filled in, every token normalised. */
export interface Settings {
  readonly region: 'us' | 'eu' | 'custom';
  /** Base of the REST API without a trailing slash, e.g. `https://acme.rest.vitally.io`; `/resources/...` follows. */
  readonly restUrl: string;
  /** Base of the Analytics API without a trailing slash; `/analytics/v1/...` follows. */
  readonly analyticsUrl: string;
  /** Headers that go with every request to either API, besides those that the program sets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the `Authorization` header, in their one right form. */
  readonly restAuthorization: string | undefined;
  readonly analyticsAuthorization: string | undefined;
  /** The entries of the config that are sound in themselves, in its order. */
  readonly streams: readonly StreamEntry[];
  /** What holds for a stream without an entry: the defaults of `spec.json`. */
  readonly streamDefaults: StreamOptions;
  readonly writeVia: WriteVia;
  readonly skipUnchanged: boolean;
  /** Ceiling per API; `undefined`: what Vitally's answers allow. */
  readonly requestsPerMinute: number | undefined;
  readonly rejectedRecords:
    | { readonly policy: 'fail_at_end' }
    | { readonly policy: 'fail_fast' }
    | { readonly policy: 'continue'; readonly maxPercent: number | undefined };
  readonly storage: Storage;
  /** Which rows have a line in the store that says what became of them. Other than `none`, there is a store. */
  readonly outcomeLog: 'none' | 'changed' | 'all';
  /** How much of what the Analytics API took in is read back after the last row. */
  readonly verifyAccepted: 'off' | 'sample' | 'all';
  /** Every form of every secret in the config, for redaction. */
  readonly secrets: readonly Secret[];
}

/** What routes are resolved by: settings, or as much of them as is sound. */
export interface RoutingSettings
  extends Pick<Settings, 'restAuthorization' | 'analyticsAuthorization' | 'streams' | 'streamDefaults'> {
  /** Streams named by entries that are wrong in themselves: nothing can be said of their routes yet. */
  readonly unsound?: ReadonlySet<string>;
  /** `undefined` where it is at fault. */
  readonly writeVia: WriteVia | undefined;
}
