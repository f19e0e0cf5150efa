import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/command-line/command-table.ts';
import { REJECTION_CODES } from '../../src/errors/record-error.ts';
import { OBJECTS } from '../../src/objects/index.ts';
import { codeIn, headingsOf, rowsOf, sectionOf } from './headings.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/contract.md');
const numbered = headingsOf(page).filter((heading) => /^\d/.test(heading));
const sections = numbered.map((heading) => ({ heading, text: sectionOf(page, heading) }));

/** The names that begin the items of a section's list of what is not built yet. */
function notBuilt(section: string): string[] {
  const [, list = ''] = section.split('**Not built yet:**\n');
  return [...list.matchAll(/^- `([^`]+)`/gm)].map(([, name = '']) => name);
}

/** What can be named on the command line, in the config and as an object. */
function namesThere(): string[] {
  const commands = Object.entries(COMMANDS).flatMap(([command, { flags }]) => [
    command,
    ...Object.keys(flags).flatMap((flag) => [`--${flag}`, `${command} --${flag}`]),
  ]);
  const options = [...read('spec.json').matchAll(/"(\w+)": \{/g)].map(([, name = '']) => name);
  return [...commands, ...options, ...OBJECTS.map(({ name }) => name)];
}

describe('docs/contract.md', () => {
  test('numbers its sections from 1 to 10', () => {
    expect(numbered.map((heading) => Number.parseInt(heading, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('says of nothing that is there that it is not built yet', () => {
    const reserved = sections.flatMap(({ text }) => notBuilt(text));
    const there = namesThere();
    expect(reserved.filter((name) => there.includes(name))).toEqual([]);
  });

  test('has every command with its flags, and no other', () => {
    const [commandLine = { text: '' }] = sections;
    const table = [...commandLine.text.matchAll(/^\| `(\w+)([^`]*)`/gm)];
    expect(table.map(([, command]) => command).sort()).toEqual(Object.keys(COMMANDS).sort());
    for (const [, command = '', flags = ''] of table.filter(([, name]) => name !== 'sandbox')) {
      const named = [...flags.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag);
      expect(named.sort()).toEqual(Object.keys(COMMANDS[command]?.flags ?? {}).sort());
    }
  });

  test('has every flag of the sandbox, and no other', () => {
    const [beforeReserved = ''] = (sections[8]?.text ?? '').split('**Not built yet:**');
    const named = [...beforeReserved.matchAll(/`--([a-z-]+)`/g)].map(([, flag]) => flag);
    expect(named.sort()).toEqual(Object.keys(COMMANDS.sandbox?.flags ?? {}).sort());
  });

  test('lists the objects that there are', () => {
    const [, listed = ''] = /^Objects: ([\s\S]*?)\. /m.exec(page) ?? [];
    const named = [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(OBJECTS.map(({ name }) => name).sort());
  });

  test('promises keys, modes and what creation needs as the objects declare them', () => {
    const rows = rowsOf(sections[3]?.text ?? '');
    expect(rows.length).toBeGreaterThan(5);
    for (const [name, keys = '', modes, needs = ''] of rows) {
      const object = OBJECTS.find((candidate) => candidate.name === codeIn(name));
      expect(modes?.split(', ').sort(), name).toEqual([...(object?.modes ?? [])].sort());
      const declaredKeys = [...(object?.keys ?? []), ...(object?.keyFields ?? []).flat()];
      expect(namesIn(keys), name).toEqual(declaredKeys);
      // Your own id is the key of what is created, and needs no declaration.
      const declaredNeeds = object?.requiredToCreate.flat() ?? [];
      expect(
        namesIn(needs)
          .filter((need) => need !== 'externalId')
          .sort(),
        name,
      ).toEqual(declaredNeeds.sort());
    }
  });

  test('has the closed list of rejection codes', () => {
    const [, listed = ''] = /^- Codes are a closed list: ([\s\S]*?)\. /m.exec(page) ?? [];
    expect(namesIn(listed).sort()).toEqual([...REJECTION_CODES].sort());
  });
});

function namesIn(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}
