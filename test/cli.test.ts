import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../src/json/guards.ts';
import { parseSettings } from '../src/settings/parse-settings.ts';
import { runCommand } from './commands/command-line.ts';
import { configFor } from './commands/messages.ts';

const NOWHERE = { url: 'http://127.0.0.1:9' };

/** Without a REST token a discover has nobody to ask. */
const ASKING_NOBODY = configFor(NOWHERE, { rest_api_token: undefined });

describe('usage', () => {
  test.each([
    [[]],
    [['']],
    [['frobnicate']],
    [['--config', 'x', 'write']],
    [['constructor']],
    [['__proto__']],
  ])('%j: usage on stderr, nothing on stdout, exit 2', async (args) => {
    const result = await runCommand(args);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^usage: destination-vitally COMMAND/);
    expect(result.lines).toEqual([]);
  });
});

test('spec: one SPEC that is a schema for configs', async () => {
  const result = await runCommand(['spec']);
  expect(result.code).toBe(0);
  expect(result.messages).toHaveLength(1);
  const [message] = result.of('SPEC');
  const spec = message?.spec;
  expect(spec).toMatchObject({ connectionSpecification: { type: 'object' } });
  expect(parseSettings(configFor(NOWHERE), spec).restUrl).toBe(NOWHERE.url);
});

describe('discover', () => {
  test('gives one DESTINATION_CATALOG with every object, and asks nobody without a REST token', async () => {
    const result = await runCommand(['discover', '--config', 'config.json'], { config: ASKING_NOBODY });
    expect(result.code).toBe(0);
    expect(result.messages).toHaveLength(1);
    const catalog = result.of('DESTINATION_CATALOG')[0]?.destination_catalog;
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
    expect(result.failure()).toMatch(/^config_error: /);
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
    expect(result.of('LOG')).toEqual([]);
  });

  test.each([
    { args: ['spec', '--json'], flags: ['--json'] },
    { args: ['spec', '--config', 'x'], flags: ['--config'] },
    { args: ['spec', '-v', '--no-color'], flags: ['-v', '--no-color'] },
    { args: ['spec', '--a.b=1', '--help', '--version'], flags: ['--a.b', '--help', '--version'] },
    { args: ['spec', '--catalog', 'x', '--state', 'y'], flags: ['--catalog', '--state'] },
  ])('that spec doesn’t know are ignored with a WARN: $flags', async ({ args, flags }) => {
    const result = await runCommand(args);
    expect(result.code).toBe(0);
    expect(result.of('SPEC')).toHaveLength(1);
    expect(result.logs()).toEqual(
      flags.map((flag) => `WARN the command spec does not know the flag ${flag}: ignored`),
    );
  });
});
