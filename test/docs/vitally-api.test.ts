import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/command-line/command-table.ts';
import { SANDBOX_SWITCHES } from '../../src/sandbox/index.ts';

const page = readFileSync(new URL('../../docs/vitally-api.md', import.meta.url), 'utf8');
const facts = page.slice(page.indexOf('## Hosts'));

/** What the page names in brackets: `[switch, other]`. */
const named = [...facts.matchAll(/\[((?:`[a-z0-9-]+`,?\s*)+)\](?!\()/g)].flatMap(([, names = '']) =>
  [...names.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name),
);

describe('docs/vitally-api.md', () => {
  test('has a place for every reading that the sandbox can take, and names no other', () => {
    const switches = [...new Set(named)].filter((name) => !name.startsWith('--'));
    expect(switches.sort()).toEqual(Object.keys(SANDBOX_SWITCHES).sort());
  });

  test('names flags of the sandbox that are there', () => {
    const flags = named.filter((name) => name.startsWith('--')).map((name) => name.slice(2));
    expect(flags.filter((flag) => !Object.hasOwn(COMMANDS.sandbox?.flags ?? {}, flag))).toEqual([]);
  });

  test('dates every source, or says that it has no date', () => {
    const rows = page.split('\n').filter((line) => /^\| .* \| .* \| .* \| (?:high|medium|low)/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const [, , , date = ''] = row.split('|').map((cell) => cell.trim());
      expect(date).toMatch(/20\d\d|not dated|^\d+\.\d+\.\d+$|^–$/);
    }
  });
});
