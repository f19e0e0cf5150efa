import { expect, test } from 'vitest';
import { parseSettings, parseSettingsOrFaults } from '../../../src/config/parse-settings.ts';
import { faultsOf } from '../../support/config-faults.ts';
import { spec } from '../../support/spec.ts';

const TOKEN = 'sk_live_0123456789abcdef';
const minimal = { data_center: { region: 'us', subdomain: 'acme' }, rest_api_token: TOKEN };
const entry = { stream: 'dim_customers', object: 'account' };
/** What Airbyte's form sends for a new entry of which only stream and object are filled in. */
const formConfig = {
  ...minimal,
  streams: [
    {
      fields: [],
      constants: [],
      other_columns: 'traits',
      nulls: 'clear',
      relations: 'add',
      unknown_accounts: 'reject',
      unknown_people: 'reject',
      if_empty: [],
      prevent_new_traits: false,
      delete_limit: {},
      ...entry,
    },
  ],
  write_via: 'auto',
  skip_unchanged: true,
  rejected_records: { policy: 'fail_at_end' },
  object_storage_config: { storage_type: 'None' },
};
const withEntry = (members: object) => ({ ...minimal, streams: [{ ...entry, ...members }] });

test('a minimal config gets the defaults of the contract', () => {
  expect(parseSettings(minimal, spec)).toEqual({
    region: 'us',
    restUrl: 'https://acme.rest.vitally.io',
    analyticsUrl: 'https://acme.api.vitally.io',
    headers: {},
    restAuthorization: `Basic ${btoa(`${TOKEN}:`)}`,
    analyticsAuthorization: undefined,
    streams: [],
    streamDefaults: expect.anything(),
    writeVia: 'auto',
    skipUnchanged: true,
    requestsPerMinute: undefined,
    rejectedRecords: { policy: 'fail_at_end' },
    storage: { type: 'None' },
    outcomeLog: 'none',
    verifyAccepted: 'sample',
    secrets: expect.arrayContaining([TOKEN, btoa(`${TOKEN}:`)]),
  });
});

test('a minimal entry gets the defaults of the contract', () => {
  expect(parseSettings(withEntry({}), spec).streams).toEqual([
    {
      path: '/streams/0',
      stream: 'dim_customers',
      object: 'account',
      fields: [],
      constants: [],
      exclude: [],
      otherColumns: 'traits',
      nulls: 'clear',
      relations: 'add',
      unknownAccounts: 'reject',
      unknownPeople: 'reject',
      ifEmpty: [],
      preventNewTraits: false,
      deleteLimit: { count: 1000 },
      deletedRows: 'skip',
    },
  ]);
});

test('every option of an entry is taken over', () => {
  const full = {
    namespace: 'mart',
    object: 'custom_object',
    custom_object: 'Subscriptions',
    mode: 'delete',
    sync_key: ['tenant', 'id'],
    match_on: 'email',
    fields: [{ source: 'company', destination: 'name' }],
    constants: [{ destination: 'traits.source', value: { nested: [1, null] } }],
    other_columns: 'drop',
    nulls: 'keep',
    unknown_key: 'reject',
    relations: 'replace',
    unknown_accounts: 'create',
    unknown_people: 'leave_out',
    if_empty: ['name'],
    prevent_new_traits: true,
    delete_limit: { percent: 2.5 },
    deleted_rows: 'delete',
    exclude: ['ssn', 'traits.birthday'],
    write_via: 'rest',
  };
  expect(parseSettings(withEntry(full), spec).streams).toEqual([
    {
      path: '/streams/0',
      stream: 'dim_customers',
      namespace: 'mart',
      object: 'custom_object',
      customObject: 'Subscriptions',
      mode: 'delete',
      syncKey: ['tenant', 'id'],
      matchOn: 'email',
      fields: [{ source: 'company', destination: 'name' }],
      constants: [{ destination: 'traits.source', value: { nested: [1, null] } }],
      exclude: ['ssn', 'traits.birthday'],
      otherColumns: 'drop',
      nulls: 'keep',
      unknownKey: 'reject',
      relations: 'replace',
      unknownAccounts: 'create',
      unknownPeople: 'leave_out',
      ifEmpty: ['name'],
      preventNewTraits: true,
      deleteLimit: { percent: 2.5 },
      deletedRows: 'delete',
      writeVia: 'rest',
    },
  ]);
});

test.each([
  { given: { write_via: 'rest' }, settings: { writeVia: 'rest' } },
  { given: { skip_unchanged: false }, settings: { skipUnchanged: false } },
  { given: { requests_per_minute: 100_000 }, settings: { requestsPerMinute: 100_000 } },
  {
    given: { rejected_records: { policy: 'fail_fast' } },
    settings: { rejectedRecords: { policy: 'fail_fast' } },
  },
  {
    given: { rejected_records: { policy: 'continue' } },
    settings: { rejectedRecords: { policy: 'continue', maxPercent: undefined } },
  },
  {
    given: { rejected_records: { policy: 'continue', max_percent: 0 } },
    settings: { rejectedRecords: { policy: 'continue', maxPercent: 0 } },
  },
  {
    given: { object_storage_config: { storage_type: 'Local', directory: './rejected' } },
    settings: { storage: { type: 'Local', directory: './rejected' } },
  },
  { given: { data_center: { region: 'eu' } }, settings: { restUrl: 'https://rest.vitally-eu.io' } },
  {
    given: { analytics_api_token: 'dG9rZW4=' },
    settings: { analyticsAuthorization: 'Basic dG9rZW4=', restAuthorization: expect.any(String) },
  },
  { given: { __airbyte: { job: 1 }, workspace: null }, settings: { region: 'us' } },
])('$given is understood', ({ given, settings }) => {
  expect(parseSettings({ ...minimal, ...given }, spec)).toMatchObject(settings);
});

test.each([
  { nulls: { streams: null, write_via: null, rejected_records: null, analytics_api_token: null } },
  { nulls: { object_storage_config: { storage_type: null, directory: null } } },
  { nulls: { object_storage_config: { storage_type: 'None', directory: null, s3_bucket_name: null } } },
  { nulls: { rejected_records: { policy: 'fail_at_end', max_percent: null } } },
  { nulls: { data_center: { region: 'us', subdomain: 'acme', rest_url: null, unheard_of: null } } },
])('explicit nulls are absent: $nulls', ({ nulls }) => {
  expect(parseSettings({ ...minimal, ...nulls }, spec)).toEqual(parseSettings(minimal, spec));
});

test('explicit nulls in an entry are absent, and a constant may be null', () => {
  const nulls = { namespace: null, mode: null, fields: null, delete_limit: { count: null, percent: null } };
  expect(parseSettings(withEntry(nulls), spec)).toEqual(parseSettings(withEntry({}), spec));
  const constants = [{ destination: 'traits.x', value: null }];
  expect(parseSettings(withEntry({ constants }), spec).streams).toMatchObject([{ constants }]);
});

test.each(['', undefined])('namespace %j is any', (namespace) => {
  expect(parseSettings(withEntry({ namespace }), spec).streams[0]?.namespace).toBeUndefined();
});

test('the config stays as it was', () => {
  const config = withEntry({ mode: null });
  const before = structuredClone(config);
  parseSettings(config, spec);
  expect(config).toEqual(before);
});

test.each([
  { given: { data_center: undefined }, path: '/data_center', says: 'is missing, for example {"region":"us"' },
  { given: { data_center: {} }, path: '/data_center/region', says: 'one of "us", "eu", "custom"' },
  {
    given: { data_center: { region: 'ap' } },
    path: '/data_center/region',
    says: 'one of "us", "eu", "custom"',
  },
  {
    given: { data_center: { region: 'us' } },
    path: '/data_center/subdomain',
    says: 'is missing, for example "acme"',
  },
  {
    given: { data_center: { region: 'us', subdomain: 'a b' } },
    path: '/data_center/subdomain',
    says: 'look like this: acme',
  },
  {
    given: {
      data_center: { region: 'custom', rest_url: 'https://a', analytics_url: 'https://b', restUrl: '' },
    },
    path: '/data_center/restUrl',
    says: 'did you mean "rest_url"',
  },
  {
    given: { data_center: { region: 'custom', rest_url: 'http://a', analytics_url: 'https://b' } },
    path: '/data_center/rest_url',
    says: 'allow_insecure_http',
  },
  { given: { rest_api_token: undefined }, path: '/rest_api_token', says: 'the config has no token' },
  { given: { rest_api_token: '  ' }, path: '/rest_api_token', says: 'the config has no token' },
  { given: { rest_api_token: 17 }, path: '/rest_api_token', says: 'must be text' },
  { given: { streams: 'accounts' }, path: '/streams', says: 'must be a list' },
  { given: { streams: ['accounts'] }, path: '/streams/0', says: 'must be a JSON object' },
  { given: { streams: [null] }, path: '/streams/0', says: 'must be a JSON object' },
  {
    given: { streams: [{ stream: 'a' }] },
    path: '/streams/0/object',
    says: 'is missing, for example "organization"',
  },
  { given: { streams: [{ ...entry, stream: '' }] }, path: '/streams/0/stream', says: 'must not be empty' },
  {
    given: withEntry({ sync_key: 'id' }),
    path: '/streams/0/sync_key',
    says: 'a list, for example ["customer_id"]',
  },
  { given: withEntry({ sync_key: [' '] }), path: '/streams/0/sync_key/0', says: 'must not be empty' },
  { given: withEntry({ sync_key: ['a', 'a'] }), path: '/streams/0/sync_key', says: 'twice' },
  { given: withEntry({ syncKey: ['a'] }), path: '/streams/0/syncKey', says: 'did you mean "sync_key"' },
  { given: withEntry({ colour: 'red' }), path: '/streams/0/colour', says: 'known are "stream", "namespace"' },
  { given: withEntry({ 'red 17': 1 }), path: '/streams/0', says: 'holds a name that is not known' },
  { given: withEntry({ mode: 'Upsert' }), path: '/streams/0/mode', says: 'one of "upsert", "update"' },
  {
    given: withEntry({ prevent_new_traits: 'yes' }),
    path: '/streams/0/prevent_new_traits',
    says: 'true or false',
  },
  {
    given: withEntry({ fields: [{ source: 'a' }] }),
    path: '/streams/0/fields/0/destination',
    says: 'is missing',
  },
  {
    given: withEntry({ fields: [{ source: 'a', destination: 'b', dest: 'c' }] }),
    path: '/streams/0/fields/0/dest',
    says: 'known are "source", "template", "destination"',
  },
  {
    given: withEntry({ constants: [{ destination: 'a' }] }),
    path: '/streams/0/constants/0/value',
    says: 'is missing',
  },
  {
    given: withEntry({ delete_limit: { count: 1, percent: 1 } }),
    path: '/streams/0/delete_limit',
    says: 'one of "count" and "percent", not both',
  },
  {
    given: withEntry({ delete_limit: { percent: 101 } }),
    path: '/streams/0/delete_limit/percent',
    says: 'from 0 to 100',
  },
  {
    given: withEntry({ delete_limit: { count: -1 } }),
    path: '/streams/0/delete_limit/count',
    says: '0 or more',
  },
  { given: { requests_per_minute: 0 }, path: '/requests_per_minute', says: 'from 1 to 100000' },
  { given: { requests_per_minute: 100_001 }, path: '/requests_per_minute', says: 'from 1 to 100000' },
  { given: { requests_per_minute: 1.5 }, path: '/requests_per_minute', says: 'a whole number' },
  {
    given: { rejected_records: { max_percent: 5 } },
    path: '/rejected_records/policy',
    says: '"fail_at_end", "fail_fast", "continue"',
  },
  {
    given: { rejected_records: { policy: 'continue', max_percent: 100.5 } },
    path: '/rejected_records/max_percent',
    says: 'from 0 to 100',
  },
  {
    given: { object_storage_config: { directory: 'x' } },
    path: '/object_storage_config/storage_type',
    says: '"None", "Local", "S3"',
  },
  {
    given: { object_storage_config: { storage_type: 'Local' } },
    path: '/object_storage_config/directory',
    says: 'is missing',
  },
  {
    given: { object_storage_config: { storage_type: 'S3', s3_bucket_region: 'eu-central-1' } },
    path: '/object_storage_config/s3_bucket_name',
    says: 'is missing',
  },
  {
    given: { object_storage_config: { storage_type: 'S3', s3_bucket_name: 'a/b', s3_bucket_region: 'r' } },
    path: '/object_storage_config/s3_bucket_name',
    says: 'bare name',
  },
])('$given is one fault, at $path', ({ given, path, says }) => {
  expect(faultsOf({ ...minimal, ...given })).toEqual([{ path, message: expect.stringContaining(says) }]);
});

test('the config that a form of the platform left is taken', () => {
  const settings = parseSettings(formConfig, spec);
  expect(settings.streams).toEqual(parseSettings(withEntry({}), spec).streams);
});

test.each([
  { given: { delete_limit: { count: 5 } }, limit: { count: 5 } },
  { given: { delete_limit: { percent: 5 } }, limit: { percent: 5 } },
  { given: { delete_limit: { count: null, percent: 5 } }, limit: { percent: 5 } },
  { given: { delete_limit: { count: 0, percent: '' } }, limit: { count: 0 } },
  { given: { delete_limit: {} }, limit: { count: 1000 } },
])('$given limits deletes to $limit', ({ given, limit }) => {
  expect(parseSettings(withEntry(given), spec).streams).toMatchObject([{ deleteLimit: limit }]);
});

test.each([
  { given: { writeVia: 'rest' }, says: '/writeVia is not known here; did you mean "write_via"?' },
  { given: { stream: [] }, says: '/stream is not known here; did you mean "streams"?' },
  { given: { colour: 'red' }, says: '/colour is not known here; known are "data_center"' },
  { given: { __airbyte: { job: 1 } }, says: 'holds a name that is not known here' },
  {
    given: { data_center: { region: 'eu', subdomain: 'acme' } },
    says: '/data_center/subdomain has no meaning beside "region": "eu"',
  },
])('$given is ignored with a warning', ({ given, says }) => {
  const { settings, faults, warnings } = parseSettingsOrFaults({ ...minimal, ...given }, spec);
  expect(faults).toEqual([]);
  expect(settings).toBeDefined();
  expect(warnings).toEqual([expect.stringContaining(says)]);
});

test('the name of the schema that an editor wants is no mistake', () => {
  const config = { $schema: 'https://example.com/spec.json', ...minimal };
  expect(parseSettingsOrFaults(config, spec)).toMatchObject({ faults: [], warnings: [] });
});

test('the same stream and namespace twice: a fault that names both', () => {
  const streams = [{ ...entry }, { ...entry, namespace: 'mart' }, { ...entry, namespace: '' }];
  expect(faultsOf({ ...minimal, streams })).toEqual([
    { path: '/streams/2', message: expect.stringContaining('as /streams/0;') },
  ]);
});

test('the same destination twice in an entry: a fault that names both', () => {
  const fields = [
    { source: 'a', destination: 'name' },
    { source: 'b', destination: 'name' },
  ];
  const constants = [{ destination: 'name', value: 1 }];
  expect(faultsOf(withEntry({ fields, constants }))).toEqual([
    {
      path: '/streams/0/fields/1/destination',
      message: expect.stringContaining('/streams/0/fields/0/destination'),
    },
    {
      path: '/streams/0/constants/0/destination',
      message: expect.stringContaining('/streams/0/fields/0/destination'),
    },
  ]);
});

test('a token that stands where a name belongs is not shown', () => {
  const token = 'justlettersandnodigits';
  const streams = [{ ...entry, [token]: true }];
  expect(faultsOf({ ...minimal, rest_api_token: token, streams })).toEqual([
    { path: '/streams/0/***', message: expect.stringContaining('is not known here') },
  ]);
});

test('faults of every kind are reported at once', () => {
  const config = {
    data_center: { region: 'us', subdomain: 'rest.vitally.io' },
    rest_api_token: 'two words',
    streams: [{ stream: 'a' }, entry, entry],
    requests_per_minute: 'many',
    object_storage_config: { storage_type: 'S3', s3_bucket_name: 'b/', s3_bucket_region: 'r' },
  };
  expect(faultsOf(config).map(({ path }) => path)).toEqual([
    '/streams/0/object',
    '/requests_per_minute',
    '/data_center/subdomain',
    '/rest_api_token',
    '/streams/2',
    '/object_storage_config/s3_bucket_name',
  ]);
});

test.each([null, [], 'text', 17, undefined])('%j is no config', (config) => {
  expect(() => parseSettings(config, spec)).toThrow(/^the config must be a JSON object/);
});

test.each([null, {}, { connectionSpecification: { properties: {} } }])(
  '%j is no spec: a fault of the program',
  (notSpec) => {
    expect(() => parseSettings(minimal, notSpec)).toThrow(
      expect.not.objectContaining({ name: 'ConfigError' }),
    );
  },
);
