import { describe, expect, test } from 'vitest';
import { parseSettings, parseSettingsOrFaults } from '../../../src/config/parse-settings.ts';
import type { JsonObject, JsonValue } from '../../../src/json/json.ts';
import { resolveRoutes } from '../../../src/routing/routes.ts';
import { catalogOf } from '../../support/routes.ts';
import { spec } from '../../support/spec.ts';
import { object, type SpecMember, specMembers } from '../../support/spec-members.ts';

const defaulted = specMembers()
  .filter(({ schema }) => 'default' in schema)
  .map((member) => ({ path: member.path, member }));
const streamOptions = defaulted.filter(({ path }) => /^\/streams\/0\/[a-z_]+$/.test(path));

const withoutEntry = { data_center: { region: 'eu' }, rest_api_token: 'rest-token-0123456789' };
const withEntry = { ...withoutEntry, streams: [{ stream: 'accounts', object: 'account' }] };

/** What must stand beside an option for it to make a difference. */
const BESIDE: Readonly<Record<string, JsonObject>> = {
  '/outcome_log': { object_storage_config: { storage_type: 'Local', directory: '/local/rejected' } },
  '/data_center/allow_insecure_http': { rest_url: 'http://proxy.example.com' },
};

/** A route has what follows from this option, not the option itself. */
const RESOLVED = '/streams/0/prevent_new_traits';

/** A value that the option may have and that is not its default. */
function otherValue({ schema }: SpecMember): JsonValue {
  if (schema.type === 'boolean') return schema.default !== true;
  const values = [schema.enum ?? schema.examples].flat();
  const other = values.find((value) => JSON.stringify(value) !== JSON.stringify(schema.default));
  if (other === undefined) throw new Error('the spec has no other value');
  return other;
}

function defaultOf({ schema }: SpecMember): JsonValue {
  return schema.default ?? null;
}

/** `spec.json` with another default for one option. */
function specWith(member: SpecMember, value: JsonValue): unknown {
  const changed = structuredClone(object(spec));
  for (const { path, schema } of specMembers(changed)) {
    if (path === member.path) Object.assign(schema, { default: value });
  }
  return changed;
}

function nameInCode({ name }: SpecMember): string {
  return name.replaceAll(/_./g, ([, letter = '']) => letter.toUpperCase());
}

function parsed(config: JsonObject, by: unknown = spec) {
  const { settings, faults } = parseSettingsOrFaults(config, by);
  return { settings: settings && { ...settings, streamDefaults: undefined }, faults };
}

describe.each(defaulted)('the default of $path', ({ member }) => {
  const given = (value: JsonValue | undefined) =>
    member.with({ ...BESIDE[member.path], [member.name]: value });

  test('is what holds without the option', () => {
    expect(parsed(given(undefined))).toEqual(parsed(given(defaultOf(member))));
  });

  test('is in spec.json alone', () => {
    const other = otherValue(member);
    const changed = parsed(given(undefined), specWith(member, other));
    expect(changed).toEqual(parsed(given(other)));
    expect(changed).not.toEqual(parsed(given(undefined)));
  });
});

test.each(streamOptions)('the default of $path holds for a stream without an entry', ({ member }) => {
  for (const value of [defaultOf(member), otherValue(member)]) {
    const { streamDefaults } = parseSettings(withoutEntry, specWith(member, value));
    expect(streamDefaults).toHaveProperty(nameInCode(member), value);
  }
});

test.each(streamOptions.filter(({ path }) => path !== RESOLVED))(
  'a route without $path has its default',
  ({ member }) => {
    for (const value of [defaultOf(member), otherValue(member)]) {
      for (const config of [withoutEntry, withEntry]) {
        const settings = parseSettings(config, specWith(member, value));
        const { routes } = resolveRoutes(settings, catalogOf({ name: 'accounts', key: [['id']] }));
        expect(routes).toMatchObject([{ [nameInCode(member)]: value }]);
      }
    }
  },
);

test('an option has a default in spec.json if and only if it holds for a stream without an entry', () => {
  const names = streamOptions.map(({ member }) => nameInCode(member));
  const { streamDefaults } = parseSettings(withoutEntry, spec);
  expect(Object.keys(streamDefaults).sort()).toEqual(names.sort());
});
