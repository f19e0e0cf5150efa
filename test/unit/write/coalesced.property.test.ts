import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, own } from '../../../src/json/guards.ts';
import type { JsonObject, JsonValue } from '../../../src/json/json.ts';
import type { Route, Write } from '../../../src/mapping/route.ts';
import { OBJECTS, objectByName } from '../../../src/objects/index.ts';
import type { Field, ObjectName } from '../../../src/objects/object.ts';
import { canCoalesce, coalesce, type Job } from '../../../src/pipeline/scheduler/job.ts';
import type { SwitchName } from '../../../src/sandbox/index.ts';
import { jobOf } from '../../support/jobs.ts';
import { routeOf } from '../../support/routes.ts';
import { openWorkspace, type Workspace } from '../../support/workspace.ts';

/** Objects whose rows are coalesced by their lane, and where their records are seen. */
const KINDS: Partial<Record<ObjectName, string>> = {
  organization: 'organizations',
  account: 'accounts',
  user: 'users',
  note: 'notes',
  task: 'tasks',
  nps_response: 'npsResponses',
  conversation: 'conversations',
  meeting: 'meetings',
  custom_object: 'instances',
  project: 'projects',
};

const READINGS: readonly (readonly SwitchName[])[] = [
  [],
  ['put-replaces-relations'],
  ['activity-post-refuses-duplicate', 'post-refuses-duplicate'],
];

const MESSAGE: fc.Arbitrary<JsonObject> = fc.record({
  externalId: fc.constantFrom('m-1', 'm-2', 'm-3'),
  message: fc.constantFrom('<p>a</p>', '<p>b</p>'),
  from: fc.constant({ id: 'u-1' }),
  to: fc.constant([{ id: 'csm@us.com' }]),
});
const PERSON = fc
  .constantFrom('u-1', 'u-2', 'u-3@acme.com')
  .map((id): JsonObject => ({ id, type: 'attendee' }));

/** What a row may say in a field. */
function sayable(field: Field): fc.Arbitrary<JsonValue> {
  const given = givenIn(field);
  if (field.onlyNull === true) return fc.constant(null);
  return field.neverNull === true ? given : fc.oneof({ arbitrary: given, weight: 4 }, fc.constant(null));
}

function givenIn({ type, association, items, range }: Field): fc.Arbitrary<JsonValue> {
  switch (type) {
    case 'ids':
    case 'texts':
      return fc.subarray(association === undefined ? ['t-1', 't-2', 't-3'] : namesOf(association));
    case 'id':
      return fc.constantFrom(...namesOf(association));
    case 'json':
      if (items === 'message') return fc.array(MESSAGE, { maxLength: 3 });
      if (items === 'attendee') return fc.uniqueArray(PERSON, { maxLength: 3, selector: (one) => one.id });
      return fc
        .constantFrom('Hi', 'Bye')
        .map((text) => [{ speaker: { externalId: 's' }, sentences: [{ text, startTime: 0, endTime: 9 }] }]);
    case 'number':
      return fc.integer({ min: range?.min ?? 0, max: range?.max ?? 9 });
    case 'boolean':
      return fc.boolean();
    case 'date':
      return fc.constantFrom('2026-01-31', '2026-02-28');
    case 'datetime':
      return fc.constantFrom('2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z');
    case 'html':
      return fc.constantFrom('<p>a</p>', '<p>b</p>');
    case 'email':
      return fc.constantFrom('x@acme.com', 'y@acme.com');
    case 'text':
      return fc.constantFrom('x', 'y');
  }
}

function namesOf(association: Field['association']): string[] {
  switch (association) {
    case 'account':
      return ['a-1', 'a-2', 'a-3'];
    case 'organization':
      return ['o-1', 'o-2'];
    case 'user':
      return ['u-1', 'u-2'];
    case 'admin':
      return ['csm@us.com', 'cto@us.com'];
    case 'projectStatus':
      return ['Doing'];
    default:
      return ['Call', 'Visit'];
  }
}

/** A row of an object: what creation needs mostly, everything else now and then. */
function rowOf(object: ObjectName): fc.Arbitrary<Write> {
  const { fields, requiredToCreate, others, keyFields = [] } = objectByName(object);
  const body = Object.entries(fields).filter(
    ([name, field]) => field.in !== 'traits' && !isKey(name, keyFields),
  );
  const wanted = requiredToCreate.flatMap((group) => (typeof group === 'string' ? group : (group[0] ?? [])));
  const standard = Object.entries(fields).filter(([, field]) => field.in === 'traits');
  const given = fc.record(Object.fromEntries(body.map(([name, field]) => [name, sayable(field)])), {
    requiredKeys: [],
  });
  const needed = fc.record(
    Object.fromEntries(
      body.filter(([name]) => wanted.includes(name)).map(([name, field]) => [name, givenIn(field)]),
    ),
  );
  const scalar = fc.constantFrom<JsonValue>('x', 'y', '', 7, null);
  const traits =
    others === 'traits'
      ? fc.record(
          {
            plan: scalar,
            tier: scalar,
            ...Object.fromEntries(standard.map(([name, field]) => [name, sayable(field)])),
          },
          { requiredKeys: [] },
        )
      : fc.constant({});
  return fc.record({ given, needed, whole: fc.nat(9), traits }).map((row) => ({
    key: '',
    fields: mapOf({ ...row.given, ...(row.whole > 1 && row.needed) }),
    traits: mapOf(row.traits),
  }));
}

function mapOf(given: Readonly<Record<string, JsonValue | undefined>>): Map<string, JsonValue> {
  return new Map(
    Object.entries(given).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

function isKey(name: string, keyFields: readonly (string | readonly string[])[]): boolean {
  return keyFields.flat().includes(name);
}

/**
 * A user's accounts are replaced only where Vitally does it at once: where it adds, an unlink takes its time and no API
 * takes a user out of an organization, which refuses the row.
 */
function routes(object: ObjectName, profile: readonly SwitchName[]): fc.Arbitrary<Route> {
  const replaces = object !== 'user' || profile.includes('put-replaces-relations');
  const { fields, others } = objectByName(object);
  const names = Object.keys(fields).filter((name) => fields[name]?.in !== 'traits');
  return fc
    .record({
      relations: fc.constantFrom<Route['relations']>('add', replaces ? 'replace' : 'add'),
      ifEmpty: fc.oneof(
        fc.constant([]),
        fc.subarray([...names, ...(others === 'traits' ? ['traits.plan'] : [])], { maxLength: 2 }),
      ),
    })
    .map((more) =>
      routeOf(object, {
        ...more,
        ...(object === 'custom_object' && { customObject: 'site' }),
        ...(object === 'project' && { keyColumns: [] }),
      }),
    );
}

function seedParents({ seed, sandbox, idOf }: Workspace): void {
  seed('organizations', { externalId: 'o-1', name: 'Org' }, { externalId: 'o-2', name: 'Org' });
  for (const id of ['a-1', 'a-2', 'a-3']) seed('accounts', { externalId: id, name: id });
  for (const id of ['u-1', 'u-2', 'u-3'])
    seed('users', { externalId: id, email: `${id}@acme.com`, accountIds: [idOf('accounts', 'a-1')] });
  seed('admins', { name: 'Cleo', email: 'csm@us.com' }, { name: 'Theo', email: 'cto@us.com' });
  const named = [{ name: 'Call' }, { name: 'Visit' }];
  for (const kind of ['noteCategories', 'taskCategories', 'projectCategories']) sandbox.seed(kind, named);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding' }]);
  sandbox.seed('projectStatuses', [{ name: 'Doing', type: 'active' }]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
}

/** The row as one of the record that this name leads to. */
function under(route: Route, name: string, row: Write): Write {
  if (route.object.name !== 'project') return { ...row, key: name };
  const key = { templateId: 'Onboarding', accountId: 'a-1', name };
  return { ...row, key: name, fields: new Map([...row.fields, ...Object.entries(key)]) };
}

/** Writes rows as a lane does whose first row is sent after all have come. */
async function writeCoalesced(workspace: Workspace, route: Route, rows: readonly Write[]): Promise<void> {
  const jobs: Job[] = [];
  for (const [index, row] of rows.entries()) {
    const job = jobOf(route, row.key ?? '', index + 1, row);
    const last = jobs.at(-1);
    if (last !== undefined && canCoalesce(last, job)) coalesce(last, job);
    else jobs.push(job);
  }
  for (const { write, rows: folded } of jobs) {
    const { outcome } = await workspace.write(route, write);
    if (outcome.kind !== 'rejected' || folded.length === 1) continue;
    for (const row of folded) await workspace.write(route, row.write);
  }
}

/** What Vitally keeps under a name, without what no row says. */
function keptOf({ sandbox }: Workspace, { object }: Route, name: string): JsonValue {
  const kind = KINDS[object.name] ?? '';
  const records = isTop(kind) ? sandbox[kind] : sandbox.items(kind);
  const record =
    object.name === 'project'
      ? records.all().find((one) => own(one, 'name') === name)
      : records.byExternalId(name);
  if (record === undefined) return null;
  const { name: shownName, ...rest } = record;
  return comparable({ ...rest, ...(shownName !== name && { name: shownName ?? null }) });
}

function isTop(kind: string): kind is 'organizations' | 'accounts' | 'users' {
  return kind === 'organizations' || kind === 'accounts' || kind === 'users';
}

const OWN = new Set([
  'createdAt',
  'updatedAt',
  'externalId',
  'healthScore',
  'meetingId',
  'conversationId',
  'firstKnown',
  'timestamp',
]);

/** Ids and times of the record itself are its own; lists of relations and tags are sets. */
function comparable(value: JsonValue, isPart = false): JsonValue {
  if (Array.isArray(value)) {
    const parts = value.map((part) => comparable(part, true));
    return parts.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  }
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => !(OWN.has(name) && !(isPart && name === 'externalId')) && name !== 'id',
  );
  return Object.fromEntries(kept.map(([name, part]) => [name, comparable(part, true)]));
}

let names = 0;

describe.each(READINGS.map((profile) => ({ profile, reading: profile.join(' + ') || 'as documented' })))(
  'coalesced rows leave what they leave one by one, $reading',
  ({ profile }) => {
    test.each(OBJECTS.filter(({ name }) => KINDS[name] !== undefined).map((object) => ({ object })))(
      'of $object.plural',
      async ({ object: { name: object } }) => {
        const workspace = await openWorkspace({ profile, settings: { skipUnchanged: false } });
        seedParents(workspace);
        const rows = fc.array(rowOf(object), { minLength: 2, maxLength: 4 });
        await fc.assert(
          fc.asyncProperty(
            routes(object, profile),
            fc.option(rowOf(object), { nil: undefined }),
            rows,
            async (route, before, after) => {
              names += 1;
              const [single, together] = [`x-${names}`, `y-${names}`];
              const plain = { ...route, ifEmpty: [] };
              for (const name of [single, together])
                if (before !== undefined) await workspace.write(plain, under(route, name, before));
              for (const row of after) await workspace.write(route, under(route, single, row));
              await writeCoalesced(
                workspace,
                route,
                after.map((row) => under(route, together, row)),
              );
              expect(keptOf(workspace, route, together)).toEqual(keptOf(workspace, route, single));
            },
          ),
          { numRuns: 25 },
        );
      },
      60_000,
    );
  },
);

test('every object that has a lane of its own and is changed by rows is among them', () => {
  const coalesced = OBJECTS.filter(({ modes, lane }) => modes.includes('upsert') && lane === undefined);
  expect(coalesced.map(({ name }) => name).sort()).toEqual(Object.keys(KINDS).sort());
});
