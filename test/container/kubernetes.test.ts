import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { catalogOf, configFor, record } from '../support/messages.ts';
import { build, type Ended, run } from './engine.ts';

const TAG = 'destination-vitally:test';
const ROWS = 2_000;
const ROWS_PER_STATE = 500;

/** A container of the platform's pod: a user without a name, few rights, half a core, and nothing to write on but mounts. */
const POD = [
  ...['--user', '1000:1000', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only'],
  ...['--cpus', '0.5', '--memory', '512m', '--workdir', '/dest'],
  ...['--tmpfs', '/dest:rw,mode=1777', '--tmpfs', '/tmp', '--entrypoint', '/bin/sh'],
];

/**
 * What the platform wraps around a destination, in our own words: the connector runs in a subshell by `eval`, joined to
 * the orchestrator by named pipes, and leaves its exit code in a file. Here the container's own streams are the
 * orchestrator's ends.
 */
const WRAPPER = `
cp /config/*.json /dest/ && mkfifo /tmp/stdin /tmp/stdout /tmp/stderr || exit 125
(eval "$AIRBYTE_ENTRYPOINT write --config /dest/connectorConfig.json --catalog /dest/catalog.json" \
  </tmp/stdin >/tmp/stdout 2>/tmp/stderr; echo $? >/dest/exitCode.txt) &
cat /tmp/stdout & cat /tmp/stderr >&2 &
cat >/tmp/stdin
wait
exit "$(cat /dest/exitCode.txt)"
`;

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  const built = await build(TAG);
  if (built.code !== 0) throw new Error(`the image cannot be built:\n${built.stdout}${built.stderr}`);
  sandbox = await startSandbox({ requestsPerMinute: 100_000 });
  folder = mkdtempSync(join(tmpdir(), 'kubernetes-test-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'connectorConfig.json'), JSON.stringify(configFor(sandbox)));
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify(catalogOf('accounts')));
}, 600_000);

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

async function wrapped(lines: readonly string[]): Promise<Ended> {
  const options = [...POD, '-v', `${folder}:/config:ro`];
  return await run(TAG, ['-c', WRAPPER], options, lines.map((line) => `${line}\n`).join(''));
}

/** A STATE as the platform hands it on, with the id that it puts in and whatever the source wrote. */
function stateWith(id: number): string {
  return `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"accounts"},"stream_state":{"big":9007199254740993,"n":1.0}},"id":${id}}}`;
}

function rows(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    record('accounts', { id: `${prefix}-${index}`, name: `Account ${index}`, about: 'x'.repeat(300) }),
  );
}

function statesIn({ stdout }: Ended): string[] {
  return stdout.split('\n').filter((line) => line.startsWith('{"type":"STATE"'));
}

test(`the platform's wrapper carries ${ROWS} rows on half a core, and gets its states back with their ids`, async () => {
  const lines = rows('a', ROWS).flatMap((row, index) =>
    (index + 1) % ROWS_PER_STATE === 0 ? [row, stateWith((index + 1) / ROWS_PER_STATE)] : [row],
  );
  const ended = await wrapped(lines);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  const states = statesIn(ended);
  expect(states.map((line) => JSON.parse(line).state.id)).toEqual([1, 2, 3, 4]);
  for (const [index, line] of states.entries()) {
    expect(line).toContain('"stream_state":{"big":9007199254740993,"n":1.0}');
    expect(line.startsWith(stateWith(index + 1).slice(0, -2))).toBe(true);
    expect(line).toContain('"recordCount":500.0');
  }
  await sandbox.settle();
  expect(sandbox.accounts.size).toBe(ROWS);
}, 120_000);

test('an input that ends early, as when a sync is cancelled, leaves what came and acknowledges no more', async () => {
  const before = sandbox.accounts.size;
  const ended = await wrapped([...rows('b', 100), stateWith(1), ...rows('c', 50)]);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  expect(statesIn(ended).map((line) => JSON.parse(line).state.id)).toEqual([1]);
  await sandbox.settle();
  expect(sandbox.accounts.size).toBe(before + 150);
}, 120_000);
