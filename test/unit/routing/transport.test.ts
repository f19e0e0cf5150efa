import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import type { WriteVia } from '../../../src/config/stream-options.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;
type Tokens = 'both' | 'rest' | 'analytics';

interface Case {
  readonly object?: string;
  readonly options?: Options;
  readonly columns?: readonly string[];
  readonly writeVia?: Settings['writeVia'];
  readonly tokens?: Tokens;
}

function resolve({ object = 'account', options = {}, columns, writeVia = 'auto', tokens = 'both' }: Case) {
  const stream: CatalogStream = { name: 's', key: [['k']], ...(columns === undefined ? {} : { columns }) };
  const settings = settingsOf({
    writeVia,
    streams: [entryOf({ stream: 's', object, ...options })],
    ...(tokens === 'rest' ? { analyticsAuthorization: undefined } : {}),
    ...(tokens === 'analytics' ? { restAuthorization: undefined } : {}),
  });
  return resolveRoutesOrFaults(settings, catalogOf(stream));
}

const UNSUBSCRIBED = [{ source: 'u', destination: 'unsubscribed_from_conversations' }];

describe('the API that carries a route', () => {
  test.each<Case & { transport: string }>([
    { object: 'event', transport: 'analytics' },
    { object: 'event', tokens: 'analytics', transport: 'analytics' },
    { object: 'event', writeVia: 'analytics', transport: 'analytics' },
    { object: 'organization', transport: 'analytics' },
    { object: 'account', transport: 'analytics' },
    { object: 'user', transport: 'analytics' },
    { tokens: 'rest', transport: 'rest' },
    { tokens: 'analytics', transport: 'analytics' },
    { writeVia: 'rest', transport: 'rest' },
    { writeVia: 'analytics', transport: 'analytics' },
    { options: { mode: 'update' }, transport: 'rest' },
    { options: { mode: 'append' }, transport: 'rest' },
    { options: { mode: 'delete' }, transport: 'rest' },
    { options: { mode: 'delete' }, writeVia: 'rest', transport: 'rest' },
    { options: { matchOn: 'id' }, transport: 'rest' },
    { object: 'user', options: { matchOn: 'email' }, transport: 'rest' },
    { options: { ifEmpty: ['name'] }, transport: 'rest' },
    { options: { relations: 'replace' }, transport: 'analytics' },
    { object: 'user', options: { relations: 'replace' }, transport: 'rest' },
    { object: 'user', options: { fields: UNSUBSCRIBED }, transport: 'rest' },
    {
      object: 'user',
      options: { constants: [{ destination: 'unsubscribedFromConversations', value: true }] },
      transport: 'rest',
    },
    { options: { fields: [{ source: 'm', destination: 'mrr' }] }, transport: 'analytics' },
    { options: { fields: [{ source: 'o', destination: 'organizationId' }] }, transport: 'analytics' },
    { object: 'note', transport: 'rest' },
    { object: 'note', options: { mode: 'delete' }, tokens: 'rest', transport: 'rest' },
    { object: 'project', transport: 'rest' },
    { object: 'meeting_transcript', transport: 'rest' },
    { object: 'custom_object:Site', transport: 'analytics' },
    {
      object: 'custom_object:6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
      tokens: 'analytics',
      transport: 'analytics',
    },
    { object: 'custom_object:Site', tokens: 'rest', transport: 'rest' },
    { object: 'custom_object:Site', options: { mode: 'append' }, transport: 'rest' },
    { object: 'custom_object:Site', options: { matchOn: 'id' }, transport: 'rest' },
    {
      object: 'custom_object:Site',
      options: { fields: [{ source: 'o', destination: 'owner' }] },
      transport: 'rest',
    },
    { object: 'user_account', transport: 'rest' },
    { object: 'user_account', tokens: 'rest', transport: 'rest' },
    { object: 'user_account', tokens: 'analytics', transport: 'analytics' },
    { object: 'user_account', writeVia: 'analytics', transport: 'analytics' },
    { object: 'user_account', options: { mode: 'delete' }, transport: 'analytics' },
    { options: { writeVia: 'rest' }, transport: 'rest' },
    { options: { writeVia: 'rest' }, writeVia: 'analytics', transport: 'rest' },
    { options: { writeVia: 'analytics' }, writeVia: 'rest', transport: 'analytics' },
    { options: { writeVia: 'auto' }, writeVia: 'rest', transport: 'analytics' },
    { object: 'event', options: { writeVia: 'auto' }, writeVia: 'rest', transport: 'analytics' },
    { object: 'note', options: { writeVia: 'rest' }, writeVia: 'analytics', transport: 'rest' },
  ])('%j', ({ transport, ...given }) => {
    expect(resolve(given)).toMatchObject({ routes: [{ transport }], faults: [] });
  });

  test.each<Case & { path: string; says: string }>([
    { object: 'event', tokens: 'rest', path: '/analytics_api_token', says: 'Analytics' },
    { object: 'event', writeVia: 'rest', path: '/write_via', says: 'only the Analytics API' },
    { tokens: 'rest', writeVia: 'analytics', path: '/analytics_api_token', says: 'analytics_api_token' },
    { tokens: 'analytics', writeVia: 'rest', path: '/rest_api_token', says: 'rest_api_token' },
    { options: { mode: 'update' }, tokens: 'analytics', path: '/rest_api_token', says: 'its mode is update' },
    { options: { mode: 'update' }, writeVia: 'analytics', path: '/write_via', says: 'its mode is update' },
    { options: { mode: 'append' }, writeVia: 'analytics', path: '/write_via', says: 'its mode is append' },
    { options: { mode: 'delete' }, writeVia: 'analytics', path: '/write_via', says: 'its mode is delete' },
    { options: { matchOn: 'id' }, writeVia: 'analytics', path: '/write_via', says: 'matched on id' },
    { options: { ifEmpty: ['name'] }, tokens: 'analytics', path: '/rest_api_token', says: '"if_empty"' },
    { options: { matchOn: 'id' }, tokens: 'analytics', path: '/rest_api_token', says: 'matched on id' },
    {
      object: 'user',
      options: { relations: 'replace' },
      tokens: 'analytics',
      path: '/rest_api_token',
      says: '"relations": "replace"',
    },
    {
      object: 'user',
      options: { relations: 'replace' },
      writeVia: 'analytics',
      path: '/write_via',
      says: '"relations": "replace"',
    },
    {
      object: 'event',
      options: { writeVia: 'rest' },
      path: '/streams/0/write_via',
      says: 'only the Analytics API',
    },
    {
      object: 'note',
      options: { writeVia: 'analytics' },
      path: '/streams/0/write_via',
      says: 'only the REST API',
    },
    {
      options: { writeVia: 'analytics' },
      tokens: 'rest',
      path: '/analytics_api_token',
      says: '"analytics_api_token"',
    },
    { object: 'note', tokens: 'analytics', path: '/rest_api_token', says: 'notes are written' },
    { object: 'note', writeVia: 'analytics', path: '/write_via', says: 'only the REST API' },
    {
      object: 'user_account',
      options: { mode: 'delete' },
      tokens: 'rest',
      path: '/analytics_api_token',
      says: 'its mode is delete',
    },
    {
      object: 'user_account',
      options: { mode: 'delete' },
      writeVia: 'rest',
      path: '/write_via',
      says: 'only the Analytics API',
    },
    {
      object: 'user_account',
      writeVia: 'rest',
      tokens: 'analytics',
      path: '/rest_api_token',
      says: '"rest_api_token"',
    },
    {
      object: 'user',
      options: { fields: UNSUBSCRIBED },
      tokens: 'analytics',
      path: '/rest_api_token',
      says: 'unsubscribedFromConversations',
    },
    {
      object: 'user',
      options: { fields: UNSUBSCRIBED },
      writeVia: 'analytics',
      path: '/write_via',
      says: 'unsubscribedFromConversations',
    },
  ])('is a fault at $path: %j', ({ path, says, ...given }) => {
    const { faults, routes } = resolve(given);
    expect(routes).toEqual([]);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).toContain('stream "s"');
    expect(faults[0]?.message).toContain(says);
  });

  test('a column that happens to bear a REST-only name leaves the others in batches, with a warning', () => {
    const resolved = resolve({
      object: 'user',
      columns: ['k', 'UNSUBSCRIBED_FROM_CONVERSATIONS', 'email', 'accountId'],
    });
    expect(resolved).toMatchObject({ routes: [{ transport: 'analytics' }], faults: [] });
    expect(resolved.warnings).toHaveLength(1);
    expect(resolved.warnings[0]).toContain('unsubscribedFromConversations');
  });

  test('on a mapped stream such a column was mapped on purpose', () => {
    const catalog = catalogOf({
      name: 's',
      object: 'user',
      key: [['externalId']],
      columns: ['externalId', 'accountIds', 'unsubscribedFromConversations'],
    });
    expect(resolveRoutesOrFaults(settingsOf(), catalog)).toMatchObject({
      routes: [{ transport: 'rest' }],
      warnings: [],
    });
  });
});

const WAYS = ['auto', 'rest', 'analytics'] as const;
const TOKENS = ['both', 'rest', 'analytics'] as const;

/** Every object in every mode that it has, as an entry without a `write_via` of its own. */
const EVERY = OBJECTS.flatMap(({ name, modes }) =>
  modes.map((mode) => ({
    object: name === 'custom_object' ? 'custom_object:6f9619ff-8b86-4d01-b42d-00cf4fc964ff' : name,
    options: { mode, ...(name === 'request' && { requestPath: '/resources/things/{k}' }) },
  })),
);

describe.each(EVERY)('$object, $options.mode', (given) => {
  const how = (writeVia: WriteVia, own: WriteVia | undefined, tokens: Tokens) => {
    const options = own === undefined ? given.options : { ...given.options, writeVia: own };
    return resolve({ ...given, options, writeVia, tokens });
  };
  const transportsOf = ({ routes }: ReturnType<typeof how>) => routes.map(({ transport }) => transport);

  test.each(WAYS.flatMap((own) => TOKENS.map((tokens) => ({ own, tokens }))))(
    "the entry's $own holds whatever the connection says, with tokens: $tokens",
    ({ own, tokens }) => {
      const byConnection = how(own, undefined, tokens);
      for (const connection of WAYS) {
        const byEntry = how(connection, own, tokens);
        expect(transportsOf(byEntry)).toEqual(transportsOf(byConnection));
        expect(byEntry.warnings).toEqual(byConnection.warnings);
        // The same faults, told where the way is asked for; a token is missed at its own place.
        const expected = byConnection.faults.map(({ path }) =>
          path === '/write_via' ? '/streams/0/write_via' : path,
        );
        expect(byEntry.faults.map(({ path }) => path)).toEqual(expected);
      }
    },
  );

  test.each(WAYS.flatMap((way) => TOKENS.map((tokens) => ({ way, tokens }))))(
    '$way with tokens $tokens is that way by a token that is there, or one fault',
    ({ way, tokens }) => {
      const { routes, faults } = how(way, undefined, tokens);
      const [route] = routes;
      if (route === undefined) {
        expect(faults).toHaveLength(1);
        expect(faults[0]?.path).toMatch(/^\/(?:write_via|rest_api_token|analytics_api_token)$/);
        return;
      }
      expect(faults).toEqual([]);
      if (way !== 'auto') expect(route.transport).toBe(way);
      if (tokens !== 'both') expect(route.transport).toBe(tokens);
    },
  );
});

test.each([
  { customObject: 'Site', rest: false, faults: ['/streams/0/custom_object'] },
  { customObject: 'Site', rest: true, faults: [] },
  { customObject: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', rest: false, faults: [] },
])('a custom object $customObject, with REST $rest: $faults', ({ customObject, rest, faults }) => {
  const streams = [entryOf({ stream: 's', object: 'custom_object', customObject, syncKey: ['k'] })];
  const settings = settingsOf({ streams, ...(!rest && { restAuthorization: undefined }) });
  const resolved = resolveRoutesOrFaults(settings, catalogOf({ name: 's', columns: ['k'] }));
  expect(resolved.faults.map(({ path }) => path)).toEqual(faults);
});
