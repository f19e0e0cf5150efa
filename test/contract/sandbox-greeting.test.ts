import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from '../../src/commands/command-line/arguments.ts';
import { greeting } from '../../src/commands/sandbox/greeting.ts';
import { runCommand, Sink } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('the configuration and the lines that the sandbox shows on a terminal write into it', async () => {
  const sandbox = await openSandbox();
  const { url } = sandbox;
  const shown = greeting({
    url,
    restToken: 'rest-token',
    analyticsToken: 'analytics-token',
    loopback: true,
  });
  const [config = ''] = /^\{\n[\s\S]*?^\}$/m.exec(shown) ?? [];
  const [load = '', write = ''] = [...shown.matchAll(/^destination-vitally (.*)$/gm)].map(
    ([, line = '']) => line,
  );
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'accounts.csv'), 'externalId,name\nacme,Acme\n');
  const { code } = await runCommand(load.split(' '), { config, cwd, stdout: new Sink() });
  expect(code).toBe(0);
  await sandbox.settle();
  expect(sandbox.accounts.byExternalId('acme')).toMatchObject({ name: 'Acme' });
  expect(readArguments(write.replace(/ <.*/, '').split(' '))).toMatchObject({
    kind: 'command',
    command: 'write',
  });
});
