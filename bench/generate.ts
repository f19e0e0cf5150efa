import { Readable } from 'node:stream';

/** Rows between two STATEs. */
const ROWS_PER_STATE = 1_000;
const CHUNK_LINES = 200;

/** Which object the rows are for; the stream bears its name. */
export type Kind = 'accounts' | 'events';

/** The catalog with this one stream. */
export function catalogOf(kind: Kind): Record<string, unknown> {
  return {
    streams: [
      {
        stream: { name: kind, json_schema: {}, supported_sync_modes: ['incremental'] },
        sync_mode: 'incremental',
        destination_sync_mode: 'append_dedup',
        primary_key: [['id']],
      },
    ],
  };
}

/** So many rows as Airbyte messages, with a STATE every 1,000 rows; made while they are read. */
export function messages(kind: Kind, rows: number): Readable {
  return Readable.from(chunks(kind, rows), { objectMode: false });
}

function* chunks(kind: Kind, rows: number): Generator<Buffer> {
  let lines: string[] = [];
  for (let row = 1; row <= rows; row++) {
    lines.push(record(kind, row));
    if (row % ROWS_PER_STATE === 0 || row === rows) lines.push(state(kind, row));
    if (lines.length < CHUNK_LINES && row < rows) continue;
    yield Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
  }
}

function record(kind: Kind, row: number): string {
  const data =
    kind === 'accounts'
      ? {
          id: `acc-${row}`,
          name: `Account ${row}`,
          mrr: row % 9_000,
          plan: 'team',
          seats: row % 200,
          city: 'Zürich',
        }
      : {
          id: `evt-${row}`,
          event: 'report_viewed',
          account_id: `acc-${row % 500}`,
          timestamp: '2026-03-01T12:00:00Z',
          duration_ms: row % 4_000,
        };
  return JSON.stringify({ type: 'RECORD', record: { stream: kind, emitted_at: 1_772_438_400_000, data } });
}

function state(kind: Kind, row: number): string {
  const stream = { stream_descriptor: { name: kind }, stream_state: { cursor: row } };
  return JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream } });
}
