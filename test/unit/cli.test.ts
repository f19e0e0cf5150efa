import { describe, expect, test } from 'vitest';
import { readVersion } from '../../src/commands/project.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { isJsonObject } from '../../src/json/guards.ts';
import { configFor } from '../support/messages.ts';
import { runCommand, Sink } from '../support/run-command.ts';

const NOWHERE = { url: 'http://127.0.0.1:9' };

/** Without a REST token a discover has nobody to ask. */
const ASKING_NOBODY = configFor(NOWHERE, { rest_api_token: undefined });

describe('usage', () => {
  test.each([
    { args: [], hint: undefined },
    { args: [''], hint: undefined },
    { args: ['--config', 'x'], hint: undefined },
    { args: ['frobnicate'], hint: undefined },
    { args: ['constructor'], hint: undefined },
    { args: ['__proto__'], hint: undefined },
    { args: ['wirte', '--config', 'x'], hint: 'write' },
    { args: ['--config', 'x', 'Check'], hint: 'check' },
    { args: ['SPEC', '--help'], hint: 'spec' },
  ])(
    '$args: usage on stderr, with the nearest command, nothing on stdout, exit 2',
    async ({ args, hint }) => {
      const result = await runCommand(args);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(/^usage: destination-vitally COMMAND/);
      expect(/Did you mean (\w+)\?/.exec(result.stderr)?.[1]).toBe(hint);
      expect(result.lines).toEqual([]);
    },
  );
});

describe('help and version go to stdout, exit 0', () => {
  const version = readVersion();

  test.each([
    { args: ['--version'], says: [version] },
    { args: ['write', '--version'], says: [version] },
    { args: ['--version', 'spec', '--nonsense'], says: [version] },
    { args: ['--help'], says: ['spec', 'check', 'discover', 'write', 'sandbox'] },
    { args: ['write', '--help'], says: ['--config', '--catalog', '--dry-run', '--plan', '--summary'] },
    { args: ['--help', 'check'], says: ['--config'] },
    { args: ['write', '--dry-run', '--help', '--plan', 'x'], says: ['--plan'] },
  ])('$args', async ({ args, says }) => {
    const stdout = new Sink();
    const result = await runCommand(args, { stdout });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    for (const word of says) expect(stdout.text).toContain(word);
  });
});

test('spec: one SPEC that is a schema for configs', async () => {
  const result = await runCommand(['spec']);
  expect(result.code).toBe(0);
  expect(result.messages).toHaveLength(1);
  const [message] = result.messagesOf('SPEC');
  const spec = message?.spec;
  expect(spec).toMatchObject({ connectionSpecification: { type: 'object' } });
  expect(parseSettings(configFor(NOWHERE), spec).restUrl).toBe(NOWHERE.url);
});

describe('discover', () => {
  test('gives one DESTINATION_CATALOG with every object, and asks nobody without a REST token', async () => {
    const result = await runCommand(['discover', '--config', 'config.json'], { config: ASKING_NOBODY });
    expect(result.code).toBe(0);
    expect(result.messages).toHaveLength(1);
    const catalog = result.messagesOf('DESTINATION_CATALOG')[0]?.destination_catalog;
    const operations = isJsonObject(catalog) ? catalog.operations : undefined;
    expect(Array.isArray(operations)).toBe(true);
    for (const name of ['organization', 'account', 'user', 'event'])
      expect(operations).toContainEqual(expect.objectContaining({ object_name: name }));
  });

  test.each([
    { args: ['discover'], config: undefined },
    { args: ['discover', '--config', 'config.json'], config: {} },
  ])('with a wrong config fails: $args', async ({ args, config }) => {
    const result = await runCommand(args, config === undefined ? {} : { config });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^config_error: /);
  });
});

describe('flags', () => {
  test.each([
    { args: ['discover', '--config=config.json'] },
    { args: ['discover', '--config', 'config.json'] },
    { args: ['discover', '--config', './config.json', ''] },
  ])('$args', async ({ args }) => {
    const result = await runCommand(args, { config: ASKING_NOBODY });
    expect(result.code).toBe(0);
    expect(result.messagesOf('LOG')).toEqual([]);
  });

  test.each([
    { args: ['spec', '--json'], flags: ['--json'] },
    { args: ['spec', '--novel', 'x', '--y=1'], flags: ['--novel', '--y'] },
    { args: ['--novel', 'spec'], flags: ['--novel'] },
    { args: ['--novel', 'x', 'spec'], flags: ['--novel'] },
    { args: ['spec', '-v', '--no-color', '-v'], flags: ['-v', '--no-color'] },
    {
      args: ['spec', '--a.b=1', '--__proto__', 'x', '--constructor'],
      flags: ['--a.b', '--__proto__', '--constructor'],
    },
    { args: ['spec', '--dry', '--state', 'y'], flags: ['--dry', '--state'] },
  ])('that spec doesn’t know are ignored with a WARN: $flags', async ({ args, flags }) => {
    const result = await runCommand(args);
    expect(result.code).toBe(0);
    expect(result.messagesOf('SPEC')).toHaveLength(1);
    expect(result.logs).toEqual(
      flags.map((flag) => `WARN the command spec does not know the flag ${flag}: ignored`),
    );
  });
});
