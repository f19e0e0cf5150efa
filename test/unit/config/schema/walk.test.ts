import { describe, expect, test } from 'vitest';
import { type ParsedSettings, parseSettingsOrFaults } from '../../../../src/config/parse-settings.ts';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';
import { spec } from '../../../support/spec.ts';
import { type SpecMember, specMembers } from '../../../support/spec-members.ts';

/** What forms and tools leave where nothing was filled in. */
const EMPTY: readonly JsonValue[] = [null, {}, [], '', '  ', '\n', { anything: null }];

/** Values of every type of JSON, some of them unwieldy. */
const VALUES: readonly JsonValue[] = [
  true,
  0,
  -1,
  1.5,
  1e308,
  'text',
  'Ünïcode ✓',
  [1],
  ['a', 'a'],
  [null],
  [[]],
  { a: 1 },
  JSON.rawJSON('1e400'),
];

const members = specMembers();
const named = (member: SpecMember) => ({ member, title: `${member.path} ${member.choice}`.trim() });
const isAnyJson = ({ path }: SpecMember) => path === '/streams/0/constants/0/value';
const isSourceOrTemplate = ({ path }: SpecMember) =>
  /^\/streams\/0\/fields\/0\/(?:source|template)$/.test(path);
const isOfAPair = ({ name }: SpecMember) => name === 'access_key_id' || name === 'secret_access_key';

type Parsed = Omit<ParsedSettings, 'redact'>;

/** Two functions are never equal: what redacts is left out. */
function parse(config: JsonObject): Parsed {
  const { redact: _, ...parsed } = parseSettingsOrFaults(config, spec);
  return parsed;
}

/** Everything said about a config has a place in it and says what to do. */
function expectSaid({ faults, warnings }: Parsed, path: string): void {
  expect([...faults.map((fault) => fault.path), ...warnings].join('\n')).toContain(path);
  for (const { message } of faults)
    expect(message).toMatch(
      /must|missing|did you mean|known are|twice|token|write|look like|begin with|not understood/,
    );
}

test('the walk reaches every member of the spec', () => {
  const properties = JSON.stringify(spec).match(/"order":/g) ?? [];
  expect(members).toHaveLength(properties.length);
  expect(members.length).toBeGreaterThan(40);
});

describe.each(members.map(named))('$title', ({ member }) => {
  test('is taken as its example has it', () => {
    expect(parse(member.whole)).toMatchObject({ faults: [], warnings: [] });
  });

  test.each(EMPTY.map((value) => ({ value })))('left as $value is left out', ({ value }) => {
    const given = parse(member.with({ [member.name]: value }));
    const absent = parse(member.with({ [member.name]: undefined }));
    if (isAnyJson(member)) return expect(given.faults).toEqual([]);
    // One of the two must be there.
    if (isSourceOrTemplate(member)) return expectSaid(given, '/streams/0/fields/0');
    // A key of two is missing beside the other.
    if (isOfAPair(member)) return expectSaid(given, member.path);
    if (member.isRequired && given.faults.length > 0) return expectSaid(given, member.path);
    // A choice of which nothing is left is itself left out.
    expect(given).toEqual(member.isRequired ? parse(member.emptied) : absent);
    expect(given).toMatchObject({ faults: [], warnings: [] });
  });

  test.each(VALUES.map((value) => ({ value })))('given $value is taken or told', ({ value }) => {
    const given = parse(member.with({ [member.name]: value }));
    const types = typeOf(value) === 'integer' ? ['integer', 'number'] : [typeOf(value)];
    const takes = types.some((type) => type === member.schema.type) || isAnyJson(member);
    if (given.faults.length === 0 && given.warnings.length === 0) expect(takes).toBe(true);
    else expectSaid(given, member.path);
  });

  test('misspelt is told with the name that was meant', () => {
    const slip = member.name.length > 5 ? member.name.slice(0, -1) : `${member.name}_`;
    const { [member.name]: value = 'text' } = { [member.name]: true };
    const { faults, warnings } = parse(member.with({ [slip]: value }));
    const said = member.isTopLevel ? warnings : faults.map(({ path, message }) => `${path} ${message}`);
    const parent = member.path.slice(0, member.path.lastIndexOf('/'));
    expect(said).toEqual([
      expect.stringContaining(`${parent}/${slip} is not known here; did you mean "${member.name}"?`),
    ]);
    expect(member.isTopLevel ? faults : warnings).toEqual([]);
  });

  test('is no worse for what another choice left behind', () => {
    for (const [name, value] of member.leftovers) {
      const { settings, faults, warnings } = parse(member.with({ [name]: value }));
      expect({ settings, faults }).toEqual({ settings: parse(member.whole).settings, faults: [] });
      expect(warnings).toEqual([expect.stringMatching(new RegExp(`/${name} has no meaning beside`))]);
      for (const nothing of EMPTY) {
        expect(parse(member.with({ [name]: nothing }))).toEqual(parse(member.whole));
      }
    }
  });
});

test('every option at once left as forms leave it is every default at once', () => {
  const [first] = members;
  if (first === undefined) throw new Error('the spec is empty');
  const optional = members.filter(
    ({ isTopLevel, isRequired, name }) => isTopLevel && !isRequired && name !== 'rest_api_token',
  );
  for (const value of EMPTY) {
    const left = Object.fromEntries(optional.map(({ name }) => [name, value]));
    const absent = Object.fromEntries(optional.map(({ name }) => [name, undefined]));
    expect(parse(first.with(left))).toEqual(parse(first.with(absent)));
  }
});

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (JSON.isRawJSON(value)) return 'number';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
