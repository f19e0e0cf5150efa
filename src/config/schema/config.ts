import type { JsonValue } from '../../json/json.ts';

/** The config as `spec.json` describes it, defaults filled in: what a person wrote, not yet what it means. */
export interface Config {
  readonly data_center: DataCenterConfig;
  readonly rest_api_token?: string;
  readonly analytics_api_token?: string;
  readonly streams: readonly StreamConfig[];
  readonly write_via: 'auto' | 'rest' | 'analytics';
  readonly skip_unchanged: boolean;
  readonly requests_per_minute?: number;
  readonly rejected_records:
    | { readonly policy: 'fail_at_end' }
    | { readonly policy: 'fail_fast' }
    | { readonly policy: 'continue'; readonly max_percent?: number };
  readonly object_storage_config:
    | { readonly storage_type: 'None' }
    | { readonly storage_type: 'Local'; readonly directory: string }
    | { readonly storage_type: 'S3' };
}

export type DataCenterConfig =
  | { readonly region: 'us'; readonly subdomain: string }
  | { readonly region: 'eu' }
  | CustomDataCenterConfig;

export interface CustomDataCenterConfig {
  readonly region: 'custom';
  readonly rest_url: string;
  readonly analytics_url: string;
  readonly allow_insecure_http: boolean;
}

export interface StreamConfig {
  readonly stream: string;
  readonly namespace?: string;
  readonly object: string;
  readonly custom_object?: string;
  readonly mode?: 'upsert' | 'update' | 'append' | 'delete';
  readonly sync_key?: readonly string[];
  readonly match_on?: 'externalId' | 'id' | 'email';
  readonly fields: readonly { readonly source: string; readonly destination: string }[];
  readonly constants: readonly { readonly destination: string; readonly value: JsonValue }[];
  readonly other_columns: 'traits' | 'drop';
  readonly nulls: 'clear' | 'keep';
  readonly unknown_key?: 'skip' | 'reject';
  readonly relations: 'add' | 'replace';
  readonly unknown_accounts: 'reject' | 'create';
  readonly if_empty: readonly string[];
  readonly prevent_new_traits: boolean;
  /** One of the two. */
  readonly delete_limit: { readonly count?: number; readonly percent?: number };
  readonly deleted_rows: 'skip' | 'delete';
  readonly write_via?: 'auto' | 'rest' | 'analytics';
}
