import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../../../../src/vitally/http/client.ts';
import { ListScan } from '../../../../src/vitally/records/list-scan.ts';
import { json, type Reply, reset, silence, startLoopback, text } from '../../../support/loopback.ts';
import { JumpingClock } from '../../../support/virtual-clock.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const PAGE_100 = '/resources/notes?limit=100&sortBy=createdAt&archived=false';
const PAGE_25 = PAGE_100.replace('100', '25');

async function scanOf(...replies: readonly Reply[]) {
  const server = await startLoopback(...replies);
  const client = createClient({
    api: 'rest',
    headers: {},
    baseUrl: server.url,
    authorization: 'Basic x',
    requestsPerMinute: 100_000,
    clock: new JumpingClock(),
    signal: new AbortController().signal,
    env: {},
    userAgent: 'test',
    requestTimeoutMs: 500,
  });
  open.push(
    () => client.close(),
    () => server.close(),
  );
  const scan = new ListScan((request) => client.send(request), '/resources/notes', 'archived=false');
  return { scan, asked: () => server.received.map(({ url }) => url) };
}

function page(ids: readonly string[], next: string | null = null): Reply {
  return json({ results: ids.map((id) => ({ id })), next });
}

/** Every record that is still to come. */
async function restOf(scan: ListScan): Promise<unknown[]> {
  const records: unknown[] = [];
  while (scan.end === undefined) records.push(...(await scan.next()));
  return records;
}

const ids = (records: readonly unknown[]): unknown[] =>
  records.map((record) => (record as { id: string }).id);

test('reads every page, an empty one in between too', async () => {
  const { scan, asked } = await scanOf(page(['a', 'b'], 'C/1'), page([], 'C2'), page(['c']));
  expect(ids(await restOf(scan))).toEqual(['a', 'b', 'c']);
  expect(scan.end).toBe('whole');
  expect(asked()).toEqual([PAGE_100, `${PAGE_100}&from=C%2F1`, `${PAGE_100}&from=C2`]);
});

const tooLong: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(8 * 1024 * 1024, 0x20);
  const more = (): void => {
    if (!response.destroyed) response.write(chunk, more);
  };
  more();
};

const UNREADABLE: Readonly<Record<string, { readonly reply: Reply; readonly tries: number }>> = {
  'a page above 32 MiB': { reply: tooLong, tries: 1 },
  'a page that times out': { reply: silence, tries: 1 },
  'a refusal': { reply: json({ error: 'bad parameter' }, 400), tries: 1 },
  'a 403 of a firewall': { reply: text('<html>Blocked</html>', 403, 'text/html'), tries: 1 },
  'a 502 again and again': { reply: text('bad gateway', 502), tries: 2 },
  'a 500 of Vitally again and again': { reply: json({ error: 'boom' }, 500), tries: 2 },
  'something that is no JSON': { reply: text('{"results": [', 200), tries: 2 },
  'an answer nested too deeply': {
    reply: text(`{"results":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
    tries: 2,
  },
  'an answer that is no list': { reply: json({ id: 'one record' }), tries: 1 },
};

describe.each(Object.entries(UNREADABLE))('%s', (_name, { reply, tries }) => {
  test('costs a try with a quarter of the records, then the list, and never the run', async () => {
    const { scan, asked } = await scanOf(reply);
    expect(await restOf(scan)).toEqual([]);
    expect(scan.end).toBe('unreadable');
    expect(asked()).toEqual([...Array(tries).fill(PAGE_100), ...Array(tries).fill(PAGE_25)]);
  });

  test('in the midst leaves what was shown, and smaller pages go on from there', async () => {
    const replies = [page(['a'], 'N'), ...Array<Reply>(tries).fill(reply), page(['b'])];
    const { scan, asked } = await scanOf(...replies);
    expect(ids(await restOf(scan))).toEqual(['a', 'b']);
    expect(scan.end).toBe('whole');
    expect(asked().at(-1)).toBe(`${PAGE_25}&from=N`);
  });
});

test('a list that is not there is asked for once', async () => {
  const { scan, asked } = await scanOf(json({ error: 'Parent not found' }, 404));
  expect(await restOf(scan)).toEqual([]);
  expect(scan.end).toBe('absent');
  expect(asked()).toEqual([PAGE_100]);
});

test('a lost connection is tried again like any other request', async () => {
  const { scan, asked } = await scanOf(reset, page(['a']));
  expect(ids(await restOf(scan))).toEqual(['a']);
  expect(asked()).toEqual([PAGE_100, PAGE_100]);
});

test.each([401, 403])('%i in Vitally’s own words is about the token, not about the page', async (status) => {
  const { scan } = await scanOf(json({ error: 'no' }, status));
  await expect(scan.next()).rejects.toThrow(`(${status})`);
});

describe('a list without an end', () => {
  const always = (next: (index: number) => string, results: (index: number) => string[]): Reply => {
    return (response, request, index) => page(results(index), next(index))(response, request, index);
  };

  test.each([
    [
      'names the cursor it was asked with',
      always(
        () => 'A',
        (index) => [`r${index}`],
      ),
    ],
    [
      'goes round in two',
      always(
        (index) => 'AB'.charAt(index % 2),
        (index) => [`r${index}`],
      ),
    ],
    [
      'goes round in seven',
      always(
        (index) => `C${index % 7}`,
        (index) => [`r${index}`],
      ),
    ],
    [
      'is empty under ever new cursors',
      always(
        (index) => `C${index}`,
        () => [],
      ),
    ],
    [
      'shows one page under ever new cursors',
      always(
        (index) => `C${index}`,
        () => ['x', 'y'],
      ),
    ],
    [
      'shows two pages in turn under ever new cursors',
      always(
        (index) => `C${index}`,
        (index) => [`r${index % 2}`],
      ),
    ],
  ])('that %s is unreadable after a few pages', async (_name, reply) => {
    const { scan, asked } = await scanOf(reply);
    await restOf(scan);
    expect(scan.end).toBe('unreadable');
    expect(asked().length).toBeLessThanOrEqual(12);
  });

  test('counts with what it showed', async () => {
    const { scan } = await scanOf(page(['a'], 'A'), page(['b'], 'B'), page(['c'], 'A'));
    expect(ids(await restOf(scan))).toEqual(['a', 'b', 'c']);
    expect(scan.end).toBe('unreadable');
  });
});
