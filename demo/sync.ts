import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Table } from './table.ts';

const EXECUTABLE = fileURLToPath(new URL('../bin/destination-vitally', import.meta.url));

/** What one stream's rows became, as the run's summary has it. */
export interface StreamSummary {
  readonly stream: string;
  readonly namespace: string;
  readonly object: string;
  readonly mode: string;
  readonly via: 'rest' | 'analytics';
  readonly received: number;
  readonly created: number;
  readonly updated: number;
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** The part of the summary that the demo shows. */
export interface Summary {
  readonly streams: readonly StreamSummary[];
  readonly requests: { readonly rest: number; readonly analytics: number; readonly throttled: number };
  readonly duration_seconds: number;
}

export interface Sync {
  readonly summary: Summary;
  readonly statesSent: number;
  readonly statesAcknowledged: number;
}

/** Which table becomes which object, and which columns are called otherwise in Vitally. */
const STREAMS = [
  { stream: 'dim_groups', namespace: 'mart', object: 'organization', sync_key: ['group_id'] },
  {
    stream: 'dim_customers',
    namespace: 'mart',
    object: 'account',
    sync_key: ['customer_id'],
    fields: [
      { source: 'company_name', destination: 'name' },
      { source: 'group_id', destination: 'organizationId' },
    ],
    constants: [{ destination: 'traits.source', value: 'warehouse' }],
  },
  {
    stream: 'dim_contacts',
    namespace: 'mart',
    object: 'user',
    sync_key: ['contact_id'],
    fields: [
      { source: 'full_name', destination: 'name' },
      { source: 'signed_up_on', destination: 'joinDate' },
      // Only the REST API takes this one, so that the users go there.
      { source: 'opted_out', destination: 'unsubscribedFromConversations' },
    ],
  },
  { stream: 'usage_events', namespace: 'product', object: 'event', sync_key: ['event_id'] },
  { stream: 'notes', namespace: 'crm', object: 'note', sync_key: ['note_id'] },
  { stream: 'tasks', namespace: 'crm', object: 'task', sync_key: ['task_id'] },
  { stream: 'nps', namespace: 'survey', object: 'nps_response', sync_key: ['response_id'] },
  {
    stream: 'dim_sites',
    namespace: 'mart',
    object: 'custom_object',
    custom_object: 'Site',
    sync_key: ['site_id'],
  },
];

/** The demo's configuration: both tokens, so that each table takes the API that suits it. */
export function configOf(url: string, rejectedDirectory: string): Record<string, unknown> {
  return {
    data_center: { region: 'custom', rest_url: url, analytics_url: url },
    rest_api_token: 'rest-token',
    analytics_api_token: 'analytics-token',
    streams: STREAMS,
    requests_per_minute: 100_000,
    rejected_records: { policy: 'continue' },
    object_storage_config: { storage_type: 'Local', directory: rejectedDirectory },
  };
}

/** Pipes the tables through `bin/destination-vitally write`, as an orchestrator does. Config and catalog land in `folder`. */
export async function sync(
  tables: readonly Table[],
  folder: string,
  config: unknown,
  job: string,
): Promise<Sync> {
  const paths = { config: join(folder, 'config.json'), catalog: join(folder, 'catalog.json') };
  writeFileSync(paths.config, JSON.stringify(config, null, 2));
  writeFileSync(paths.catalog, JSON.stringify(catalogOf(tables), null, 2));
  const child = spawn(EXECUTABLE, ['write', '--config', paths.config, '--catalog', paths.catalog], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, WORKER_JOB_ID: job },
  });
  child.stdin.end(messagesOf(tables));
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    new Promise<[number | null]>((resolve) => child.once('close', (exitCode) => resolve([exitCode]))),
  ]);
  const lines = output.split('\n').filter((line) => line !== '');
  if (code !== 0)
    throw new Error(`destination-vitally ended with exit code ${code}:\n${lines.slice(-3).join('\n')}`);
  const messages = lines.map((line) => JSON.parse(line));
  const last = messages.filter(({ log }) => log?.message.startsWith('summary: ')).at(-1);
  return {
    summary: JSON.parse(last.log.message.slice('summary: '.length)),
    statesSent: tables.length,
    statesAcknowledged: messages.filter(({ type }) => type === 'STATE').length,
  };
}

function catalogOf(tables: readonly Table[]): Record<string, unknown> {
  return {
    streams: tables.map(({ namespace, name, primaryKey, rows }) => ({
      stream: {
        name,
        namespace,
        json_schema: {
          type: 'object',
          properties: Object.fromEntries(Object.keys(rows[0] ?? {}).map((column) => [column, {}])),
        },
        supported_sync_modes: ['full_refresh', 'incremental'],
      },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      primary_key: [[primaryKey]],
    })),
  };
}

/** Each table's rows, and a STATE after them. */
function messagesOf(tables: readonly Table[]): string {
  const messages = tables.flatMap(({ namespace, name, rows }) => [
    ...rows.map((data) => ({
      type: 'RECORD',
      record: { stream: name, namespace, emitted_at: 1_772_438_400_000, data },
    })),
    {
      type: 'STATE',
      state: {
        type: 'STREAM',
        stream: { stream_descriptor: { name, namespace }, stream_state: { rows_read: rows.length } },
      },
    },
  ]);
  return `${messages.map((message) => JSON.stringify(message)).join('\n')}\n`;
}
