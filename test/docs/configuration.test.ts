import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeIn, rowsOf } from './headings.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Schema {
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
}

/** An option, by the names that lead to it; the choices of an option count one by one. */
interface Option {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

function optionsOf(schema: Schema, path = ''): Option[] {
  const choices = [...(schema.oneOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    { path: `${path}/${name}`, schema: member, isRequired: schema.required?.includes(name) === true },
    ...optionsOf(member, `${path}/${name}`),
  ]);
  return [...own, ...choices.flatMap((choice) => optionsOf(choice, path))];
}

interface Documented {
  readonly path: string;
  readonly values: string;
  readonly usual: string;
  readonly example: string;
}

/** What the page says, read from the page alone: a section is named by its last option. */
function documented(): Documented[] {
  return read('docs/configuration.md')
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const place = /^`(\w+)`/.exec(section)?.[1] ?? '';
      return rowsOf(section).map(([name, , values = '', usual = '', example = '']) => ({
        path: `${place}/${codeIn(name)}`,
        values,
        usual,
        example,
      }));
    });
}

const { connectionSpecification }: { readonly connectionSpecification: Schema } = JSON.parse(
  read('spec.json'),
);
const options = optionsOf(connectionSpecification);
const rows = documented();
/** The last two names of a path: enough to tell every option apart by where it is. */
const placeOf = (path: string): string => path.split('/').slice(-2).join('/');

describe('docs/configuration.md', () => {
  test('has every option of spec.json, and no other', () => {
    expect(rows.map(({ path }) => path).sort()).toEqual(options.map(({ path }) => placeOf(path)).sort());
    expect(options.length).toBeGreaterThan(50);
  });

  test.each(options)('says of $path what the spec does', ({ path, schema, isRequired }) => {
    const said = rows.filter((row) => row.path === placeOf(path));
    const usual = schema.default === undefined ? '–' : `\`${JSON.stringify(schema.default)}\``;
    expect(said.map((row) => row.usual)).toContain(isRequired ? 'required' : usual);
    if (schema.enum !== undefined)
      expect(said.map(({ values }) => values)).toEqual([schema.enum.map((one) => `\`${one}\``).join(' ')]);
    if (schema.examples !== undefined)
      expect(said.map(({ example }) => example)).toContain(`\`${JSON.stringify(schema.examples[0])}\``);
    for (const { example } of said) expect(() => JSON.parse(codeIn(example))).not.toThrow();
  });
});
