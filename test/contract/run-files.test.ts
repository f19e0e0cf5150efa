import { link, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, record } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

test.each(['config.json', 'catalog.json'])(
  '--summary that is another name of %s would destroy what the run reads: refused, and the file is left alone',
  async (name) => {
    const cwd = temporaryDirectory();
    const sandbox = await openSandbox({});
    const invocation = {
      cwd,
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('accounts'),
      stdin: [],
    };
    await runCommand(WRITE, invocation);
    const before = await readFile(join(cwd, name), 'utf8');
    await link(join(cwd, name), join(cwd, 'same.json'));
    const result = await runCommand([...WRITE, '--summary', 'same.json'], invocation);
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^config_error: --summary .* this run needs for something else/);
    expect(await readFile(join(cwd, name), 'utf8')).toBe(before);
  },
);

test('a plan that was there for all to read is replaced by one for its owner alone', async () => {
  const cwd = temporaryDirectory();
  await writeFile(join(cwd, 'plan.jsonl'), 'old', { mode: 0o666 });
  const sandbox = await openSandbox({});
  await runCommand([...WRITE, '--dry-run', '--plan', 'plan.jsonl'], {
    cwd,
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('accounts'),
    stdin: [record('accounts', { id: 1, name: 'One' })],
  });
  expect((await stat(join(cwd, 'plan.jsonl'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(cwd, 'plan.jsonl'), 'utf8')).toMatch(/^\{"line":1,.*\}\n$/);
});
