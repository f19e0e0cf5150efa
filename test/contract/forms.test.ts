import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseSettingsOrFaults } from '../../src/config/parse-settings.ts';
import type { JsonObject, JsonValue } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { connectionSpecification, formOf } from '../support/form.ts';
import { catalogOf, record } from '../support/messages.ts';
import { runInProcess } from '../support/run-command.ts';
import { startS3 } from '../support/s3-server.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { spec } from '../support/spec.ts';
import { object, specMembers } from '../support/spec-members.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** As the platform judges a config, by the spec alone, before the connector sees it. */
const isValid = new Ajv({ strict: false }).compile(connectionSpecification);

const ENTRY = { stream: 'dim_customers', object: 'account', sync_key: ['id'] };

/** What a person types who tries the connector against the sandbox. */
function typedFor(sandbox: Sandbox): JsonObject {
  return {
    data_center: { region: 'custom', rest_url: sandbox.url, analytics_url: sandbox.url },
    rest_api_token: 'rest-token',
    analytics_api_token: 'analytics-token',
    streams: [ENTRY],
  };
}

/** Says what check thinks of a config, after a sync with it has carried its row over. */
async function messageOfCheck(sandbox: Sandbox, config: JsonObject): Promise<string> {
  const checked = await runInProcess('check', { config });
  const status = checked.messagesOf('CONNECTION_STATUS')[0]?.connectionStatus;
  const message = String(at(status, 'message') ?? '');
  expect(at(status, 'status'), message).toBe('SUCCEEDED');
  const rows = [record('dim_customers', { id: 'a-1', name: 'Acme' })];
  const written = await runInProcess('write', { config, catalog: catalogOf('dim_customers') }, rows);
  expect([written.failure, written.code]).toEqual([undefined, 0]);
  await sandbox.settle();
  expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Acme' });
  return message;
}

async function storages(): Promise<readonly JsonObject[]> {
  const s3 = await startS3();
  onTestFinished(() => s3.close());
  return [
    { storage_type: 'None' },
    { storage_type: 'Local', directory: temporaryDirectory() },
    {
      storage_type: 'S3',
      access_key_id: 'AKIAKEYIDOFTESTS',
      secret_access_key: 'secret-of-tests',
      s3_bucket_name: 'acme',
      s3_bucket_region: 'us-east-1',
      s3_endpoint: s3.url,
    },
  ];
}

const POLICIES: readonly JsonObject[] = [
  { policy: 'fail_at_end' },
  { policy: 'fail_fast' },
  { policy: 'continue' },
];

test('a form that is filled in with the least is valid, and check and write take it', async () => {
  const sandbox = await openSandbox();
  const form = formOf(typedFor(sandbox));
  expect(form).toMatchObject({
    data_center: { headers: [] },
    streams: [{ ...ENTRY, fields: [], constants: [], exclude: [], delete_limit: {}, nulls: 'clear' }],
    rejected_records: { policy: 'fail_at_end' },
    object_storage_config: { storage_type: 'None' },
  });
  expect(isValid(form), JSON.stringify(isValid.errors)).toBe(true);
  expect(await messageOfCheck(sandbox, form)).not.toContain('ignored');
});

test.each([{ region: 'us', subdomain: 'acme' }, { region: 'eu' }])(
  'so is one for Vitally itself: %o',
  async (dataCenter) => {
    const form = formOf({ data_center: dataCenter, rest_api_token: 'sk_live_0123456789', streams: [ENTRY] });
    expect(isValid(form), JSON.stringify(isValid.errors)).toBe(true);
    expect(parseSettingsOrFaults(form, spec)).toMatchObject({ faults: [], warnings: [] });
  },
);

test('every option of every choice may be chosen', async () => {
  const sandbox = await openSandbox();
  const choices = [
    ...POLICIES.map((policy) => ({ rejected_records: policy })),
    ...(await storages()).map((storage) => ({ object_storage_config: storage })),
  ];
  for (const choice of choices) {
    const form = formOf({ ...typedFor(sandbox), ...choice });
    expect(isValid(form), JSON.stringify([choice, isValid.errors])).toBe(true);
    expect(await messageOfCheck(sandbox, form)).not.toContain('ignored');
  }
});

describe('a number that was cleared', () => {
  const numbers: readonly (readonly [string, (value: JsonValue | undefined) => JsonObject])[] = [
    ['requests_per_minute', (value) => ({ ...(value !== undefined && { requests_per_minute: value }) })],
    [
      'max_percent',
      (value) => ({
        rejected_records: { policy: 'continue', ...(value !== undefined && { max_percent: value }) },
      }),
    ],
    [
      'count',
      (value) => ({
        streams: [{ ...ENTRY, delete_limit: { ...(value !== undefined && { count: value }) } }],
      }),
    ],
    [
      'percent',
      (value) => ({
        streams: [{ ...ENTRY, delete_limit: { ...(value !== undefined && { percent: value }) } }],
      }),
    ],
  ];

  test('may be any that the spec has', () => {
    const inSpec = specMembers().filter(
      ({ schema }) => schema.type === 'number' || schema.type === 'integer',
    );
    expect(new Set(inSpec.map(({ name }) => name))).toEqual(new Set(numbers.map(([name]) => name)));
  });

  test.each(numbers)('%s is left out, null or blank', async (_name, typed) => {
    const sandbox = await openSandbox();
    expect(isValid(formOf({ ...typedFor(sandbox), ...typed(undefined) }))).toBe(true);
    // The platform would refuse these two, other tools pass them on.
    for (const cleared of [null, '']) {
      const config = { ...formOf(typedFor(sandbox)), ...typed(cleared) };
      expect(await messageOfCheck(sandbox, config)).not.toContain('ignored');
    }
  });
});

/** Every two options of a choice: the one that was saved before, and the one that was chosen since. */
function changes(options: readonly JsonObject[]): readonly (readonly [JsonObject, JsonObject])[] {
  return options.flatMap((before) =>
    options.filter((after) => after !== before).map((after) => [before, after] as const),
  );
}

test('what another option left behind, since the platform merges a change into what was there, is told and ignored', async () => {
  const sandbox = await openSandbox();
  const centers: JsonObject[] = [
    { region: 'us', subdomain: 'acme' },
    { region: 'eu' },
    object(typedFor(sandbox).data_center),
  ];
  const policies = POLICIES.map((policy) =>
    policy.policy === 'continue' ? { ...policy, max_percent: 5 } : policy,
  );
  const choices = {
    data_center: centers,
    rejected_records: policies,
    object_storage_config: await storages(),
  };
  for (const [name, options] of Object.entries(choices)) {
    for (const [before, after] of changes(options)) {
      const form = formOf({ ...typedFor(sandbox), [name]: after });
      const merged = { ...form, [name]: { ...before, ...after } };
      const what = JSON.stringify([name, before, after]);
      expect(isValid(merged), what).toBe(true);
      const leftovers = Object.keys(before).filter((member) => !Object.hasOwn(after, member));
      if (name === 'data_center' && after.region !== 'custom') {
        const { faults, warnings } = parseSettingsOrFaults(merged, spec);
        expect([faults, warnings.length], what).toEqual([[], leftovers.length]);
        continue;
      }
      const message = await messageOfCheck(sandbox, merged);
      for (const member of leftovers) expect(message, what).toContain(`/${name}/${member}`);
    }
  }
});

test('what a person sees first is what is needed first', () => {
  const properties = Object.entries(Object(connectionSpecification.properties));
  const names = properties
    .sort(([, one], [, other]) => Number(at(one, 'order')) - Number(at(other, 'order')))
    .map(([name]) => name);
  expect(names.slice(0, 4)).toEqual(['data_center', 'rest_api_token', 'analytics_api_token', 'streams']);
});
