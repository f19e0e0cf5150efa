import type { HeaderConfig } from '../connection/headers.ts';
import type { WriteVia, WrittenEntry } from '../stream-options.ts';

/** The config as `spec.json` describes it, defaults filled in: what a person wrote, not yet what it means. */
export interface Config {
  readonly data_center: DataCenterConfig;
  readonly rest_api_token?: string;
  readonly analytics_api_token?: string;
  readonly streams: readonly WrittenEntry[];
  readonly write_via: WriteVia;
  readonly skip_unchanged: boolean;
  readonly requests_per_minute?: number;
  readonly rejected_records:
    | { readonly policy: 'fail_at_end' }
    | { readonly policy: 'fail_fast' }
    | { readonly policy: 'continue'; readonly max_percent?: number };
  readonly object_storage_config:
    | { readonly storage_type: 'None' }
    | { readonly storage_type: 'Local'; readonly directory: string }
    | S3Config;
  readonly outcome_log: 'none' | 'changed' | 'all';
  readonly verify_accepted: 'off' | 'sample' | 'all';
}

/** Airbyte's names for a bucket, but for `allow_insecure_http`. */
export interface S3Config {
  readonly storage_type: 'S3';
  readonly access_key_id?: string;
  readonly secret_access_key?: string;
  readonly role_arn?: string;
  readonly s3_bucket_name: string;
  readonly s3_bucket_region: string;
  readonly s3_endpoint?: string;
  readonly allow_insecure_http?: boolean;
  readonly bucket_path?: string;
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
  readonly headers: readonly HeaderConfig[];
}
