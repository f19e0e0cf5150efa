import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { json, type Loopback, noContent, type Reply, startLoopback, text } from '../../support/loopback.ts';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../../support/messages.ts';
import { type Result, runCommand } from '../../support/run-command.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const PATH = '/resources/surveys/{survey_id}/responses';

/** Writes rows of one stream, `rows`, as requests. */
async function send(
  server: { readonly url: string },
  entry: object,
  rows: readonly object[],
  more: { readonly config?: object; readonly flags?: readonly string[]; readonly key?: string | null } = {},
): Promise<Result> {
  const { config = {}, flags = [], key = null } = more;
  const streams = [{ stream: 'rows', object: 'request', ...entry }];
  return await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json', ...flags], {
    config: configFor(server, { ...BY_REST, streams, ...config }),
    catalog: catalogOf(configured('rows', { key })),
    stdin: [...rows.map((row) => record('rows', row)), state('rows', 1)],
    env: { WORKER_JOB_ID: '1' },
  });
}

async function server(...replies: Reply[]): Promise<Loopback> {
  const started = await startLoopback(...replies);
  onTestFinished(() => started.close());
  return started;
}

/** What was asked, in the order of the paths: rows without a key go side by side. */
function asked({ received }: Loopback): string[] {
  return received.map(({ method, url, body }) => `${method} ${url} ${body}`).sort();
}

function countsOf(result: Result): Record<string, unknown> {
  const [message = ''] = result.messages
    .map((one) => JSON.stringify(one).includes('summary: ') && String(Object(one.log).message))
    .filter((one) => typeof one === 'string');
  return JSON.parse(message.slice('summary: '.length)).streams[0];
}

describe('a request', () => {
  test.each([
    { mode: 'append', sent: 'POST', outcome: 'created' },
    { mode: 'update', sent: 'PUT', outcome: 'updated' },
    { mode: 'delete', sent: 'DELETE', outcome: 'deleted' },
    { mode: 'append', method: 'PUT', sent: 'PUT', outcome: 'updated' },
    { mode: 'update', method: 'POST', sent: 'POST', outcome: 'created' },
    { mode: 'append', method: 'DELETE', sent: 'DELETE', outcome: 'deleted' },
  ])('of $mode $method is a $sent and counts as $outcome', async ({ mode, method, sent, outcome }) => {
    const vitally = await server(json({ id: 'r1' }));
    const entry = { mode, path: '/resources/things/{id}', ...(method !== undefined && { method }) };
    const result = await send(vitally, entry, [{ id: 'a/b', answer: 'yes' }]);
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 0, errors: [] });
    expect(asked(vitally)).toEqual([`${sent} /resources/things/a%2Fb {"answer":"yes"}`]);
    expect(JSON.stringify(result.messages)).toContain(
      `rows (request, ${mode}: ${sent} /resources/things/{id}): \\"id\\" → path; other columns go to the body`,
    );
    expect(countsOf(result)).toMatchObject({
      object: 'request',
      mode,
      via: 'rest',
      received: 1,
      [outcome]: 1,
    });
    expect(result.linesOf('STATE')).toHaveLength(1);
  });

  test('has the columns as its body, under their names and as they are', async () => {
    const vitally = await server(json({}));
    const row = {
      survey_id: 's1',
      key: 'k1',
      'First Name': 'Ann',
      traits: { plan: 'pro' },
      none: null,
      list: [1, { a: null }],
      externalId: 'x',
      text: '{"a":1}',
      _airbyte_raw_id: 'r',
      old: 'new',
    };
    const entry = {
      mode: 'append',
      path: PATH,
      sync_key: ['key'],
      fields: [
        { source: 'old', destination: 'renamed' },
        { source: 'survey_id', destination: 'survey' },
        { source: 'old', destination: 'traits.x' },
      ],
      constants: [{ destination: 'by', value: { deep: true } }],
    };
    await send(vitally, entry, [row]);
    expect(JSON.parse(vitally.received[0]?.body ?? '')).toEqual({
      'First Name': 'Ann',
      traits: { plan: 'pro', x: 'new' },
      none: null,
      list: [1, { a: null }],
      externalId: 'x',
      text: '{"a":1}',
      renamed: 'new',
      survey: 's1',
      by: { deep: true },
    });
  });

  test('keeps every digit of a number', async () => {
    const vitally = await server(json({}));
    const line = record('rows', { survey_id: 1, n: 17 }).replace('17', '12345678901234567890123');
    const streams = [{ stream: 'rows', object: 'request', mode: 'append', path: PATH }];
    await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
      config: configFor(vitally, { ...BY_REST, streams }),
      catalog: catalogOf(configured('rows', { key: null })),
      stdin: [line],
    });
    expect(vitally.received[0]?.body).toBe('{"n":12345678901234567890123}');
  });

  test('has no other columns with "drop", and a DELETE that says nothing has no body', async () => {
    const vitally = await server(noContent);
    const row = { id: 1, x: 2 };
    await send(vitally, { mode: 'append', path: '/resources/t/{id}/c', other_columns: 'drop' }, [row]);
    await send(vitally, { mode: 'delete', path: '/resources/t/{id}', other_columns: 'drop' }, [row]);
    await send(vitally, { mode: 'update', path: '/resources/t/{id}', nulls: 'keep' }, [
      { id: 1, x: null, y: 1 },
    ]);
    expect(asked(vitally)).toEqual([
      'DELETE /resources/t/1 ',
      'POST /resources/t/1/c {}',
      'PUT /resources/t/1 {"y":1}',
    ]);
  });

  test('of a key goes after the one before it, and none is left out; without a key each stands alone', async () => {
    let underWay = 0;
    let most = 0;
    const slow: Reply = (response) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => {
        underWay--;
        response.end('{}');
      }, 5);
    };
    const vitally = await server(slow);
    const rows = Array.from({ length: 6 }, (_, n) => ({ survey_id: 's', n }));
    for (const mode of ['update', 'append']) {
      const result = await send(vitally, { mode, path: PATH, sync_key: ['survey_id'] }, rows);
      expect(countsOf(result)).toMatchObject({ received: 6, [mode === 'update' ? 'updated' : 'created']: 6 });
    }
    expect(vitally.received.map(({ body }) => JSON.parse(body).n)).toEqual([
      0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5,
    ]);
    expect(most).toBe(1);
    await send(vitally, { mode: 'append', path: PATH }, [...rows, ...rows]);
    expect(vitally.received).toHaveLength(24);
    expect(most).toBeGreaterThan(1);
  });
});

describe('a row that cannot be sent', () => {
  test.each([
    { row: { n: 1 }, code: 'missing_field' },
    { row: { survey_id: null }, code: 'missing_field' },
    { row: { survey_id: '..' }, code: 'bad_key' },
    { row: { survey_id: { a: 1 } }, code: 'bad_key' },
  ])('$row is rejected as $code before any request', async ({ row, code }) => {
    const vitally = await server(json({}));
    const result = await send(vitally, { mode: 'append', path: PATH }, [row, { survey_id: 's' }]);
    expect(countsOf(result)).toMatchObject({ created: 1, rejected: 1, rejected_by_code: { [code]: 1 } });
    expect(vitally.received).toHaveLength(1);
  });

  test.each(['accounts', 'Instances', 'participants', 'search', 'transcript'])(
    'a DELETE that ends in %s is one, since it could delete a collection',
    async (id) => {
      const vitally = await server(noContent);
      const result = await send(vitally, { mode: 'delete', path: '/resources/x/{id}' }, [{ id }]);
      expect(countsOf(result)).toMatchObject({ rejected: 1, rejected_by_code: { bad_key: 1 } });
      expect(vitally.received).toEqual([]);
    },
  );
});

describe('an answer', () => {
  test.each([
    { mode: 'update', unknown_key: 'skip', counts: { skipped: 1 } },
    { mode: 'delete', unknown_key: 'skip', counts: { skipped: 1 } },
    { mode: 'update', unknown_key: 'reject', counts: { rejected_by_code: { unknown_key: 1 } } },
    { mode: 'append', unknown_key: 'skip', counts: { rejected_by_code: { refused: 1 } } },
  ])('404 to mode $mode with $unknown_key: $counts', async ({ mode, unknown_key, counts }) => {
    const vitally = await server(json({ error: 'Not found' }, 404));
    const entry = { mode, unknown_key, path: '/resources/t/{id}' };
    const config = {
      object_storage_config: { storage_type: 'Local', directory: 'kept' },
      outcome_log: 'all',
    };
    const result = await send(vitally, entry, [{ id: 1 }], { config });
    expect(countsOf(result)).toMatchObject(counts);
    expect(JSON.parse(await result.file('kept/1/rows.outcomes.jsonl'))).toMatchObject({
      request: { path: '/resources/t/{id}' },
      http_status: 404,
    });
  });

  test('400 rejects the row with Vitally’s words, also where these say "not found" of what the body names', async () => {
    const vitally = await server(json({ error: 'template not found' }, 400));
    const result = await send(vitally, { mode: 'update', path: '/resources/t/{id}' }, [
      { id: 1, template: 'x' },
    ]);
    expect(countsOf(result)).toMatchObject({ rejected_by_code: { refused: 1 } });
  });

  test('lost to a POST leaves it unsure, and it is not sent again; a PUT is', async () => {
    const lost = text('', 502);
    const vitally = await server(lost, json({}));
    const storage = { object_storage_config: { storage_type: 'Local', directory: 'kept' } };
    const posted = await send(vitally, { mode: 'append', path: PATH }, [{ survey_id: 's' }], {
      config: storage,
    });
    expect(countsOf(posted)).toMatchObject({ rejected_by_code: { unsure: 1 } });
    expect(await posted.file('kept/1/rows.jsonl')).toContain(
      'nothing tells whether the request was carried out',
    );
    expect(vitally.received).toHaveLength(1);
    const other = await server(lost, json({}));
    const put = await send(other, { mode: 'update', path: '/resources/t/{id}' }, [{ id: 1 }]);
    expect(countsOf(put)).toMatchObject({ updated: 1 });
    expect(other.received).toHaveLength(2);
  });

  test('lost to three POSTs in a row is an outage: their rows are sent again by the next run', async () => {
    const vitally = await server(text('', 502));
    const rows = [1, 2, 3].map((survey_id) => ({ survey_id }));
    const result = await send(vitally, { mode: 'append', path: PATH }, rows);
    expect(result.errors).toMatchObject([{ type: 'transient_error' }]);
    expect(result.linesOf('STATE')).toEqual([]);
  });

  test('404 to a DELETE that is sent again has been done', async () => {
    const vitally = await server(text('', 502), json({ error: 'Not found' }, 404));
    const result = await send(vitally, { mode: 'delete', path: '/resources/t/{id}' }, [{ id: 1 }]);
    expect(countsOf(result)).toMatchObject({ deleted: 1 });
  });
});

describe('the delete limit', () => {
  test.each([{ mode: 'delete' }, { mode: 'append', method: 'DELETE' }, { mode: 'delete', method: 'POST' }])(
    'holds for %j, before the next request',
    async (entry) => {
      const vitally = await server(noContent);
      const rows = [1, 2, 3, 4].map((id) => ({ id }));
      const options = { ...entry, path: '/resources/t/{id}', delete_limit: { count: 2 } };
      const result = await send(vitally, options, rows);
      expect(vitally.received).toHaveLength(2);
      expect(result.errors).toMatchObject([
        { type: 'config_error', message: expect.stringContaining('delete_limit') },
      ]);
    },
  );

  test('does not count what was not there', async () => {
    const vitally = await server(json({ error: 'Not found' }, 404));
    const options = { mode: 'delete', path: '/resources/t/{id}', delete_limit: { count: 1 } };
    expect(
      countsOf(
        await send(
          vitally,
          options,
          [1, 2, 3].map((id) => ({ id })),
        ),
      ),
    ).toMatchObject({ skipped: 3 });
  });
});

describe('a dry run', () => {
  test.each([
    ['append', 'created', 'POST'],
    ['update', 'updated', 'PUT'],
    ['delete', 'deleted', 'DELETE'],
  ])('of %s plans %s and sends nothing', async (mode, outcome, method) => {
    const vitally = await server(json({}));
    const flags = ['--dry-run', '--plan', 'plan.jsonl'];
    const options = { mode, path: '/resources/t/{id}', sync_key: ['k'] };
    const result = await send(
      vitally,
      options,
      [
        { id: 1, k: 'a', n: 1 },
        { id: null, k: 'b' },
      ],
      { flags },
    );
    expect(vitally.received).toEqual([]);
    const plan = (await result.file('plan.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(plan).toMatchObject([
      { line: 1, key: 'a', outcome, request: { method, path: '/resources/t/1', body: { n: 1 } } },
      { line: 2, key: 'b', outcome: 'rejected', rejection: { code: 'missing_field', field: 'id' } },
    ]);
    expect(result.linesOf('STATE')).toEqual([]);
  });
});

describe('against the sandbox', () => {
  async function definitions(sandbox: Sandbox): Promise<{ id: string; label: string }[]> {
    const answer = await fetch(`${sandbox.url}/resources/customObjects`, {
      headers: { authorization: `Basic ${btoa('rest-token:')}` },
    });
    return JSON.parse(await answer.text()).results;
  }

  test('defines a custom object, and changes its label', async () => {
    const sandbox = await openSandbox();
    const path = '/resources/customObjects';
    const row = { name: 'sites', label: 'Sites', writeMode: 'writable' };
    const made = await send(sandbox, { mode: 'append', path }, [row]);
    expect(countsOf(made)).toMatchObject({ created: 1 });
    const [first] = await definitions(sandbox);
    const entry = { mode: 'update', path: `${path}/{id}` };
    await send(sandbox, entry, [{ ...row, id: first?.id, label: 'Places' }]);
    expect(await definitions(sandbox)).toMatchObject([{ id: first?.id, label: 'Places' }]);
  });

  test('a repeated sync sends again: what it makes is there twice', async () => {
    const sandbox = await openSandbox();
    const rows = [{ note: 'Hello', noteDate: '2026-01-01', account: 'a1' }];
    const accounts = await send(sandbox, { mode: 'append', path: '/resources/accounts' }, [
      { externalId: 'a1', name: 'Acme' },
    ]);
    expect(countsOf(accounts)).toMatchObject({ created: 1 });
    const answer = await fetch(`${sandbox.url}/resources/accounts/a1`, {
      headers: { authorization: `Basic ${btoa('rest-token:')}` },
    });
    const { id } = JSON.parse(await answer.text());
    for (const _ of [1, 2])
      await send(sandbox, { mode: 'append', path: '/resources/notes' }, [
        { ...rows[0], account: undefined, accountId: id },
      ]);
    expect(sandbox.requests().filter(({ path }) => path === '/resources/notes')).toHaveLength(2);
  });
});
