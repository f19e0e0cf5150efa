import type { Sandbox } from '../../../src/sandbox/index.ts';
import { itemId, seedWorkspace } from './activity.ts';
import { type Api, at, type Reply } from './client.ts';
import { idsOf, seedPipeline } from './pipeline.ts';

const NOTE = { externalId: 'n1', note: 'x', noteDate: '2026-01-01' };
const TASK = { externalId: 't1', name: 'x' };

const answered = async (reply: Promise<Reply>) => {
  const { status, body } = await reply;
  return status === 200 ? status : [status, at(body, 'error')];
};

/** Of a note and a task posted twice: the second answers, and how many there are then. */
async function posted(api: Api, sandbox: Sandbox) {
  const { account } = seedWorkspace(sandbox);
  const twice = async (path: string, body: object) => {
    await api.post(path, { ...body, accountId: account });
    return answered(api.post(path, { ...body, accountId: account }));
  };
  const answers = [await twice('/notes', NOTE), await twice('/tasks', TASK)];
  return [...answers, sandbox.items('notes').size, sandbox.items('tasks').size];
}

async function projectBy(api: Api, sandbox: Sandbox) {
  seedPipeline(sandbox);
  const { account, organization, template } = idsOf(sandbox);
  const owners = [{ accountId: account }, { customerId: account }, { organizationId: organization }];
  const answers = [];
  for (const owner of owners)
    answers.push(await answered(api.post('/projects', { templateId: template, ...owner })));
  return answers;
}

/** Switches of the kinds beside organizations, accounts and users. */
export const ITEM_SWITCHES = {
  'activity-post-refuses-duplicate': {
    probe: posted,
    off: [200, 200, 1, 1],
    on: [
      [409, 'Note with this externalId already exists'],
      [409, 'Task with this externalId already exists'],
      1,
      1,
    ],
  },
  'activity-post-duplicates': { probe: posted, off: [200, 200, 1, 1], on: [200, 200, 2, 1] },
  'lists-show-archived': {
    probe: async (api: Api, sandbox: Sandbox) => {
      const { account } = seedWorkspace(sandbox);
      sandbox.seed(
        'notes',
        [NOTE, { ...NOTE, externalId: 'n2' }].map((note) => ({ ...note, accountId: 'a1' })),
      );
      await api.delete(`/notes/${itemId(sandbox, 'notes', 'n1')}`);
      const lists = ['', '?archived=true', '?archived=false'].flatMap((query) => [
        `/notes${query}`,
        `/accounts/${account}/notes${query}`,
      ]);
      const sizes = [];
      for (const path of lists) sizes.push(at((await api.get(path)).body, 'results', 'length'));
      return sizes;
    },
    off: [1, 1, 1, 1, 1, 1],
    on: [2, 2, 1, 1, 1, 1],
  },
  'scoped-lists-need-uuid': {
    probe: async (api: Api, sandbox: Sandbox) => {
      const { account } = seedWorkspace(sandbox);
      return [
        await answered(api.get('/accounts/a1/notes')),
        await answered(api.get(`/accounts/${account}/notes`)),
      ];
    },
    off: [200, 200],
    on: [[404, 'Parent not found'], 200],
  },
  'project-needs-customer-id': {
    probe: projectBy,
    off: [200, 200, 200],
    on: [[400, 'customerId is required'], 200, 200],
  },
  'project-needs-account-id': {
    probe: projectBy,
    off: [200, 200, 200],
    on: [200, [400, 'accountId is required'], 200],
  },
  'instance-search-results': {
    probe: async (api: Api, sandbox: Sandbox) => {
      seedPipeline(sandbox);
      const { customObject } = idsOf(sandbox);
      const found = await api.get(`/customObjects/${customObject}/instances/search?externalId=i1`);
      return [at(found.body, 0, 'name'), at(found.body, 'results', 0, 'name')];
    },
    off: ['First', undefined],
    on: [undefined, 'First'],
  },
  'deletes-archive': {
    probe: async (api: Api, sandbox: Sandbox) => {
      seedPipeline(sandbox);
      const { customObject } = idsOf(sandbox);
      const search = () => api.get(`/customObjects/${customObject}/instances/search?externalId=i1`);
      const { body } = await search();
      await api.delete(`/customObjects/${customObject}/instances/${String(at(body, 0, 'id'))}`);
      const found = await search();
      return [at(found.body, 'length'), typeof at(found.body, 0, 'archivedAt')];
    },
    off: [0, 'undefined'],
    on: [1, 'string'],
  },
  'meeting-accounts-empty': {
    probe: async (api: Api, sandbox: Sandbox) => {
      seedPipeline(sandbox);
      const { body } = await api.get('/meetings/m1');
      return [at(body, 'accounts', 'length'), at(body, 'participants', 'length')];
    },
    off: [1, 1],
    on: [0, 1],
  },
  'blocked-customobjectinstance': {
    probe: async (api: Api, sandbox: Sandbox) => {
      seedPipeline(sandbox);
      const { customObject } = idsOf(sandbox);
      const message = {
        externalId: 'i2',
        customObjectId: customObject,
        accountId: 'a1',
        traits: {},
        messageId: 'm',
      };
      const { status } = await api.analytics('batch', [{ ...message, type: 'customobjectinstance' }]);
      return [status, sandbox.items('instances').size];
    },
    off: [200, 2],
    on: [400, 1],
  },
} as const;
