import { describe, expect, test } from 'vitest';
import { OBJECTS } from '../../src/objects/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { type ModelRow, modelRows } from '../support/objects/customer-rows.ts';
import { modelSync, seedSettings, streamsOf } from '../support/objects/whole-model.ts';
import { countsOf } from '../support/output.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const DELETED_AT = '2026-03-01T10:00:00Z';
const ROWS = modelRows(3);
const STREAMS = streamsOf('both');
/** Of these nothing can be deleted, or nothing is there to be deleted. */
const NEVER_DELETED = new Set(
  OBJECTS.filter(({ modes }) => !modes.includes('delete')).flatMap(({ streamNames }) => streamNames),
);

async function openModel(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  seedSettings(sandbox);
  return sandbox;
}

async function writeModel(
  sandbox: Sandbox,
  rows: readonly string[],
  streams: readonly object[],
): Promise<Result> {
  const { config, catalog } = modelSync(sandbox, 'both', { streams, requests_per_minute: 100_000 });
  const result = await runCommand(WRITE, { config, catalog, stdin: rows });
  expect(result.failure).toBeUndefined();
  return result;
}

const SITE = { object: 'custom_object:Site' };

function rowsOf(stream: ModelRow['stream']): string[] {
  return ROWS.filter((row) => row.stream === stream).map(({ data }) => record(stream, data));
}

const inOrder = [...STREAMS].reverse().flatMap(rowsOf);

/** A tombstone as sources send it: the key, all else null, beside their own columns. */
function tombstones(stream: ModelRow['stream']): string[] {
  return ROWS.filter((row) => row.stream === stream).map(({ data }) => {
    const kept = stream === 'projects' || stream === 'user_accounts' || stream === 'meeting_transcripts';
    const values = Object.entries(data).map(([name, value]) => [name, name === 'id' || kept ? value : null]);
    return record(stream, { ...Object.fromEntries(values), _ab_cdc_lsn: 7, _ab_cdc_deleted_at: DELETED_AT });
  });
}

/** Everything that was done to Vitally. */
function writes(sandbox: Sandbox): number {
  return sandbox.requests().filter(({ method }) => method !== 'GET').length;
}

describe('rows that were deleted in the source', () => {
  test('are skipped, of every object: nothing is written, and a warning says how they are deleted', async () => {
    const sandbox = await openModel();
    await writeModel(sandbox, inOrder, [{ stream: 'sites', ...SITE }]);
    const before = writes(sandbox);
    const result = await writeModel(
      sandbox,
      STREAMS.flatMap((stream) => [...tombstones(stream), state(stream, 1)]),
      [{ stream: 'sites', ...SITE }],
    );
    expect(writes(sandbox)).toBe(before);
    for (const stream of STREAMS) {
      const counts = countsOf(result.summary, stream);
      expect({ stream, skipped: counts.skipped }).toEqual({ stream, skipped: counts.received });
      expect(counts.received).toBeGreaterThan(0);
      const said = result.logs.filter(
        (log) => log.includes(`stream ${stream}:`) && log.includes('deleted_rows'),
      );
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`${counts.received} rows are marked as deleted`);
    }
    expect(result.messagesOf('STATE')).toHaveLength(STREAMS.length);
  });

  test.each(
    STREAMS.filter((stream) => !NEVER_DELETED.has(stream) && !NEVER_DELETED.has(stream.slice(0, -1))),
  )(
    'of %s are deleted where that is asked for, behind the rows of their key, and again without harm',
    async (stream) => {
      const sandbox = await openModel();
      const entry = {
        stream,
        ...(stream === 'sites' && SITE),
        object: objectOf(stream),
        deleted_rows: 'delete',
      };
      const streams = stream === 'sites' ? [entry] : [entry, { stream: 'sites', ...SITE }];
      await writeModel(sandbox, inOrder, streams);
      const result = await writeModel(sandbox, [...rowsOf(stream), ...tombstones(stream)], streams);
      const counts = countsOf(result.summary, stream);
      const deleted = stream === 'user_accounts' ? counts.accepted : counts.deleted;
      expect(deleted).toBe(rowsOf(stream).length);
      const again = await writeModel(sandbox, tombstones(stream), streams);
      // A DELETE is scheduled, and the user stays readable for a while (vitally-api.md, "Users").
      const fate = stream === 'users' ? 'deleted' : 'skipped';
      expect(countsOf(again.summary, stream)[fate]).toBe(rowsOf(stream).length);
    },
  );
});

function objectOf(stream: ModelRow['stream']): string {
  return stream === 'sites' ? 'custom_object:Site' : stream;
}

describe('the mark', () => {
  const ENTRY = { stream: 'rows', object: 'account', sync_key: ['id'] };
  const LIVE = record('rows', { id: 1, name: 'One', _ab_cdc_lsn: 1, _ab_cdc_deleted_at: null });
  const GONE = record('rows', { id: 1, _ab_cdc_deleted_at: DELETED_AT });

  async function writeRows(sandbox: Sandbox, entry: object, rows: readonly string[]): Promise<Result> {
    return await runCommand(WRITE, {
      config: configFor(sandbox, { ...BY_REST, streams: [{ ...ENTRY, ...entry }] }),
      catalog: catalogOf('rows'),
      stdin: rows,
    });
  }

  test('null marks nothing, and no column of change data capture becomes a trait', async () => {
    const sandbox = await openSandbox();
    await writeRows(sandbox, {}, [LIVE]);
    expect(at(sandbox.accounts.byExternalId('1'), 'traits')).toEqual({});
  });

  test('a deleted row between two others: the key is created, deleted, created again', async () => {
    const sandbox = await openSandbox();
    const result = await writeRows(sandbox, { deleted_rows: 'delete' }, [LIVE, GONE, LIVE]);
    expect(countsOf(result.summary, 'rows')).toMatchObject({ received: 3, created: 2, deleted: 1 });
    expect(sandbox.accounts.byExternalId('1')).toBeDefined();
  });

  test.each(['skip', 'delete'])('a dry run plans what the run does: %s', async (deleted_rows) => {
    const sandbox = await openSandbox();
    sandbox.seed('accounts', [{ externalId: '2', name: 'Two' }]);
    const two = record('rows', { id: 2, name: null, _ab_cdc_deleted_at: DELETED_AT });
    const result = await runCommand([...WRITE, '--dry-run', '--plan', 'plan.jsonl'], {
      config: configFor(sandbox, { ...BY_REST, streams: [{ ...ENTRY, deleted_rows }] }),
      catalog: catalogOf('rows'),
      stdin: [LIVE, GONE, two, GONE],
    });
    const plan = (await result.file('plan.jsonl')).trim().split('\n');
    const fates = plan.map((line) => at(JSON.parse(line), 'outcome'));
    const deletes = deleted_rows === 'delete';
    expect(fates).toEqual([
      'created',
      deletes ? 'deleted' : 'skipped',
      deletes ? 'deleted' : 'skipped',
      'skipped',
    ]);
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('a deleted row without its key is skipped too, and rejected where it should be deleted by it', async () => {
    const sandbox = await openSandbox();
    const keyless = record('rows', { _ab_cdc_deleted_at: DELETED_AT });
    expect(countsOf((await writeRows(sandbox, {}, [keyless])).summary, 'rows').skipped).toBe(1);
    const deleting = await writeRows(sandbox, { deleted_rows: 'delete' }, [keyless]);
    expect(countsOf(deleting.summary, 'rows').rejected).toBe(1);
  });

  test('deletes count towards the limit', async () => {
    const sandbox = await openSandbox();
    const rows = [1, 2].flatMap((id) => [
      record('rows', { id, name: 'x' }),
      record('rows', { id, _ab_cdc_deleted_at: DELETED_AT }),
    ]);
    const result = await writeRows(sandbox, { deleted_rows: 'delete', delete_limit: { count: 1 } }, rows);
    expect(result.failure).toContain('delete_limit');
  });

  test('in mode delete it changes nothing', async () => {
    const sandbox = await openSandbox();
    await writeRows(sandbox, {}, [
      record('rows', { id: 1, name: 'x' }),
      record('rows', { id: 2, name: 'x' }),
    ]);
    const rows = [
      record('rows', { id: 1, _ab_cdc_deleted_at: null }),
      record('rows', { id: 2, _ab_cdc_deleted_at: 'x' }),
    ];
    const result = await writeRows(sandbox, { mode: 'delete' }, rows);
    expect(countsOf(result.summary, 'rows').deleted).toBe(2);
  });

  test('a message that is deleted by its key alone goes behind its other rows, and before those that follow', async () => {
    const sandbox = await openSandbox();
    sandbox.seed('admins', [{ name: 'Ada', email: 'ada@vendor.test' }]);

    const made = (text: string) =>
      record('messages', {
        id: 'm',
        conversationId: 'c',
        message: text,
        from: 'ada@vendor.test',
        to: ['ada@vendor.test'],
      });
    const gone = record('messages', { id: 'm', _ab_cdc_deleted_at: DELETED_AT });
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, {
        streams: [{ stream: 'messages', object: 'message', deleted_rows: 'delete' }],
      }),
      catalog: catalogOf(configured('messages'), configured('conversations')),
      // The conversation comes last: the message waits for it, and what follows waits behind the message.
      stdin: [made('a'), gone, made('b'), gone, record('conversations', { id: 'c', subject: 's' })],
    });
    expect(countsOf(result.summary, 'messages')).toMatchObject({ received: 4, created: 2, deleted: 2 });
    expect(at(sandbox.items('conversations').all()[0], 'messages')).toEqual([]);
  });
});
