import type { Sandbox } from '../../../src/sandbox/index.ts';
import { withSandbox } from '../sandboxes.ts';
import { itemId } from './activity.ts';
import { type Api, idIn, seedCouple } from './client.ts';

/** Vitally's ids of what {@link seedPipeline} puts in. */
export interface Pipeline {
  readonly account: string;
  readonly organization: string;
  readonly admin: string;
  readonly category: string;
  readonly template: string;
  readonly meeting: string;
  readonly customObject: string;
}

/** An account with its organization and user; a project template and its category; a meeting; a custom object with an instance. */
export function seedPipeline(sandbox: Sandbox): void {
  seedCouple(sandbox);
  sandbox.seed('admins', [{ name: 'Ada', email: 'ada@vendor.test' }]);
  sandbox.seed('projectCategories', [{ name: 'Launch' }]);
  sandbox.seed('projectTemplates', [
    { name: 'Onboarding', projectName: 'Onboard', projectCategoryId: 'Launch', traits: { tier: 1 } },
  ]);
  sandbox.seed('meetings', [
    { externalId: 'm1', title: 'Kick-off', participants: [{ userId: 'u1', type: 'attendee' }] },
  ]);
  sandbox.seed('customObjects', [{ name: 'subscription', label: 'Subscription', writeMode: 'writable' }]);
  sandbox.seed('instances', [
    {
      customObjectId: 'subscription',
      externalId: 'i1',
      name: 'First',
      customerId: 'a1',
      traits: { seats: 5 },
    },
  ]);
}

export function idsOf(sandbox: Sandbox): Pipeline {
  return {
    account: idIn(sandbox, 'accounts', 'a1'),
    organization: idIn(sandbox, 'organizations', 'o1'),
    admin: itemId(sandbox, 'admins'),
    category: itemId(sandbox, 'projectCategories'),
    template: itemId(sandbox, 'projectTemplates'),
    meeting: itemId(sandbox, 'meetings', 'm1'),
    customObject: itemId(sandbox, 'customObjects'),
  };
}

/** Runs `check` with the path of the instances of the seeded custom object. */
export function withInstances(
  check: (given: { api: Api; sandbox: Sandbox; path: string; ids: Pipeline }) => Promise<void>,
): Promise<void> {
  return withSandbox({}, async (api, sandbox) => {
    seedPipeline(sandbox);
    const ids = idsOf(sandbox);
    await check({ api, sandbox, path: `/customObjects/${ids.customObject}/instances`, ids });
  });
}
