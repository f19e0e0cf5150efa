import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const OLD = ['upsert-old', 'update-old', 'by-id-old', 'append-old', 'delete-old', 'same', 'same-too'];

function seedSites(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed('customObjects', [{ name: 'other', label: 'Other', writeMode: 'writable' }]);
  const site = (externalId: string) => ({
    customObjectId: 'site',
    externalId,
    name: 'Before',
    customerId: 'acme',
    traits: { seats: 1, kept: true, gone: 1 },
  });
  // The same external id in another custom object is another record.
  const other = { ...site('upsert-old'), customObjectId: 'other', name: 'Other' };
  sandbox.seed('instances', [other, ...OLD.map(site)]);
}

/** Every mode, on instances that are there and on others; the custom object and parents in every way they can be named. */
function everyMode(sandbox: Sandbox): Sync {
  const object = 'custom_object';
  return {
    streams: [
      { stream: 'upsert', object: `${object}:Site`, mode: 'upsert' },
      { stream: 'update', object, custom_object: 'site', mode: 'update' },
      {
        stream: 'by_id',
        object,
        custom_object: namedIdOf(sandbox, 'customObjects', 'site'),
        mode: 'update',
        match_on: 'id',
      },
      { stream: 'append', object, custom_object: 'SITE', mode: 'append' },
      { stream: 'delete', object, custom_object: 'site', mode: 'delete' },
    ],
    rows: [
      record('upsert', { id: 'upsert-old', accountId: 'acme', name: 'After', seats: 2, gone: null }),
      record('upsert', {
        id: 'upsert-new',
        accountId: idOf(sandbox, 'accounts', 'globex'),
        name: 'New',
        seats: 5,
      }),
      record('upsert', {
        id: 'of-organization',
        organizationId: 'holding',
        name: 'New',
        owner: 'tess@team.test',
        description: 'Big',
      }),
      record('upsert', { id: 'same', accountId: 'acme', name: 'Before', seats: 1 }),
      record('update', { id: 'update-old', accountId: 'globex', seats: 2, gone: null }),
      record('update', { id: 'none', accountId: 'acme', name: 'After' }),
      record('update', { id: 'same-too', name: 'Before', seats: 1 }),
      record('by_id', { id: itemIdOf(sandbox, 'instances', 'by-id-old'), name: 'After' }),
      record('append', { id: 'append-old', accountId: 'acme', name: 'After' }),
      record('append', { id: 'append-new', accountId: 'acme', name: 'New' }),
      record('delete', { id: 'delete-old' }),
      record('delete', { id: 'none' }),
    ],
  };
}

const BEFORE = { name: 'Before', customerId: 'acme', traits: { seats: 1, kept: true, gone: 1 } };
const LEFT = {
  other: { 'upsert-old': { ...BEFORE, name: 'Other' } },
  site: {
    'upsert-old': { ...BEFORE, name: 'After', traits: { seats: 2, kept: true } },
    'upsert-new': { name: 'New', customerId: 'globex', traits: { seats: 5 } },
    'of-organization': {
      name: 'New',
      organizationId: 'holding',
      ownedByVitallyUserId: 'tess@team.test',
      description: 'Big',
      traits: {},
    },
    'update-old': { name: 'Before', customerId: 'globex', traits: { seats: 2, kept: true } },
    'by-id-old': { ...BEFORE, name: 'After' },
    'append-old': BEFORE,
    'append-new': { name: 'New', customerId: 'acme', traits: {} },
    same: BEFORE,
    'same-too': BEFORE,
  },
};

test.each<{
  readonly via: 'rest' | 'auto';
  readonly profile: readonly SwitchName[];
  readonly analyticsDelayMs?: number;
}>([
  { via: 'rest', profile: [] },
  { via: 'rest', profile: ['activity-post-refuses-duplicate', 'not-found-400', 'message-envelope'] },
  { via: 'rest', profile: ['activity-post-duplicates', 'instance-search-results', 'admin-search-results'] },
  { via: 'rest', profile: ['not-found-200', 'post-answers-201', 'lists-show-archived'] },
  { via: 'auto', profile: [] },
  { via: 'auto', profile: ['analytics-null-kept', 'instance-search-results'] },
  { via: 'auto', profile: ['activity-post-duplicates', 'analytics-reverses-batch'], analyticsDelayMs: 200 },
])(
  'instances come out the same under every reading, and once however often they are sent: $via, $profile',
  async ({ via, ...options }) => {
    const sandbox = await openSandbox(options);
    seedSites(sandbox);
    const { counts, content } = await syncTwice(sandbox, {
      ...everyMode(sandbox),
      more: via === 'rest' ? { analytics_api_token: undefined } : {},
    });
    // What Analytics takes in is not compared; a row with a field that only REST knows goes there.
    const [first, again] =
      via === 'rest'
        ? [{ created: 2, updated: 1, unchanged: 1 }, { unchanged: 4 }]
        : [
            { created: 1, updated: 1, accepted: 2 },
            { accepted: 3, unchanged: 1 },
          ];
    expect(counts[0]).toEqual({
      upsert: { received: 4, ...first },
      update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
      by_id: { received: 1, updated: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 4, ...again },
      update: { received: 3, unchanged: 2, skipped: 1 },
      by_id: { received: 1, unchanged: 1 },
      append: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
    });
    expect(content.instances).toMatchObject(LEFT);
    expect(Object.keys(content.instances?.site ?? {}).sort()).toEqual(Object.keys(LEFT.site).sort());
  },
);

test.each<{ readonly via: string; readonly more: object; readonly profile: readonly SwitchName[] }>([
  {
    via: 'REST',
    more: { analytics_api_token: undefined },
    profile: ['not-found-200', 'admin-search-results'],
  },
  { via: 'Analytics', more: {}, profile: ['not-found-400', 'message-envelope'] },
])(
  'an instance that names what is not there is refused and says what was sought: $via, $profile',
  async ({ more, profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    const { refused } = await refusedBy(sandbox, {
      streams: [{ stream: 'sites', object: 'custom_object:site' }],
      more: { rejected_records: { policy: 'continue' }, ...more },
      rows: [
        record('sites', { id: 'account', accountId: 'nowhere', name: 'Site' }),
        record('sites', { id: 'organization', organizationId: 'nowhere', name: 'Site' }),
        record('sites', { id: 'owner', accountId: 'acme', name: 'Site', owner: 'nobody@team.test' }),
        record('sites', { id: 'homeless', name: 'Site' }),
        record('sites', { id: 'nameless', accountId: 'acme' }),
        record('sites', { id: 'good', accountId: 'acme', name: 'Site' }),
      ],
    });
    const unknown = 'unknown_association';
    expect(Object.fromEntries(refused)).toEqual({
      account: refusal(unknown, 'accountId', 'account "nowhere"'),
      organization: refusal(unknown, 'organizationId', 'organization "nowhere"'),
      owner: refusal(unknown, 'ownedByVitallyUserId', 'team member "nobody@team.test"'),
      homeless: refusal('missing_field', 'accountId', 'accountId or organizationId'),
      nameless: refusal('missing_field', 'name', 'name'),
    });
    await sandbox.settle();
    expect(
      sandbox
        .items('instances')
        .all()
        .map((site) => at(site, 'externalId')),
    ).toEqual(['good']);
    expect(sandbox.accounts.size).toBe(3);
  },
);
