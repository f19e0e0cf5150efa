import { isJsonObject } from '../../../src/json/guards.ts';
import type { JsonObject, JsonValue } from '../../../src/json/json.ts';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { runCommand } from '../run-command.ts';
import { at } from '../sandbox/client.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from './places.ts';
import { said, TESS } from './talks.ts';

/** An operation as DESTINATION_CATALOG has it, and one of the keys that its rows may be matched on. */
export interface Offered {
  readonly object: string;
  readonly syncMode: string;
  /** Empty: the operation names none. */
  readonly key: readonly string[];
  readonly required: readonly string[];
  /** Of each group, a row needs one. */
  readonly choices: readonly (readonly string[])[];
  readonly properties: JsonObject;
}

/** What discover offers with a config, an operation once for each of its keys. */
export async function offeredBy(config: object): Promise<Offered[]> {
  const result = await runCommand(['discover', '--config', 'config.json'], { config });
  const operations = listAt(
    at(result.messagesOf('DESTINATION_CATALOG')[0], 'destination_catalog', 'operations'),
  );
  return operations.flatMap((operation) => {
    const schema = at(operation, 'json_schema');
    const properties = at(schema, 'properties');
    if (!isJsonObject(properties)) throw new Error('an operation has no properties');
    const keys = listAt(at(operation, 'matching_keys') ?? [[]]);
    return keys.map((key) => ({
      object: String(at(operation, 'object_name')),
      syncMode: String(at(operation, 'sync_mode')),
      key: textsAt(key),
      required: textsAt(at(schema, 'required')),
      choices: listAt(at(schema, 'allOf') ?? []).map((group) =>
        listAt(at(group, 'anyOf')).map((one) => String(textsAt(at(one, 'required'))[0])),
      ),
      properties,
    }));
  });
}

const AT = '2026-01-31T09:30:00.000Z';
const SPEECH = { speaker: { externalId: 'ann' }, sentences: [{ text: 'Hello', startTime: 0, endTime: 900 }] };

/** What a row holds in the properties that an operation may require; a key is the row's own. */
const VALUES: Readonly<Record<string, JsonValue>> = {
  accountId: 'acme',
  accountIds: ['acme'],
  conversationId: 'talk',
  event: 'Opened',
  from: 'ann',
  message: '<p>Hello</p>',
  name: 'A name',
  note: '<p>Noted</p>',
  noteDate: AT,
  organizationId: 'holding',
  organizationIds: ['holding'],
  participants: ['ann', TESS],
  respondedAt: AT,
  score: 7,
  subject: 'Subject',
  templateId: 'Onboarding',
  title: 'Title',
  to: [TESS],
  transcript: [SPEECH],
  userId: 'ann',
};

/** Of every object a record that operations may change or delete; what bears an external id bears `held`. */
export function seedHeld(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  sandbox.seed('organizations', [{ externalId: 'held', name: 'Held' }]);
  sandbox.seed('accounts', [{ externalId: 'held', name: 'Held' }]);
  sandbox.seed('users', [{ externalId: 'held', email: 'held@acme.test', accountIds: ['globex'] }]);
  sandbox.seed('conversations', [
    { externalId: 'held', subject: 'Held', messages: [] },
    {
      externalId: 'talk',
      subject: 'Talk',
      messages: [{ externalId: 'held', ...said('<p>Held</p>', 'ann', TESS) }],
    },
  ]);
  const participants = [{ userId: 'ann', type: 'organizer' }];
  sandbox.seed('meetings', [
    { externalId: 'held', title: 'Held', participants },
    { externalId: 'heard', title: 'Heard', participants, transcript: [SPEECH] },
  ]);
  sandbox.seed('notes', [{ externalId: 'held', accountId: 'acme', note: 'Held', noteDate: AT }]);
  sandbox.seed('tasks', [{ externalId: 'held', accountId: 'acme', name: 'Held' }]);
  sandbox.seed('npsResponses', [{ externalId: 'held', userId: 'ann', respondedAt: AT, score: 1 }]);
  sandbox.seed('projects', [{ templateId: 'Onboarding', accountId: 'acme', name: 'Held' }]);
  const site = { externalId: 'held', customObjectId: 'site', name: 'Held', customerId: 'acme' };
  sandbox.seed('instances', [site]);
}

/**
 * A row of an operation's required properties alone: of a record that is there, `held`, unless the operation makes one.
 */
export function leastRow(sandbox: Sandbox, offered: Offered): JsonObject {
  const { object, required, key, choices } = offered;
  const columns = new Set([...required, ...key]);
  for (const choice of choices) {
    const [first] = choice;
    if (first !== undefined && !choice.some((name) => columns.has(name))) columns.add(first);
  }
  const row: JsonObject = {};
  for (const name of columns) {
    const value = valueIn(sandbox, offered, name);
    if (value === undefined) throw new Error(`no value is known for ${name} of ${object}`);
    row[name] = value;
  }
  return row;
}

function valueIn(sandbox: Sandbox, { object, syncMode, key }: Offered, name: string): JsonValue | undefined {
  const makes = syncMode === 'append' || (syncMode === 'append_dedup' && !/^(id|email)$/.test(key.join()));
  const isTranscript = object === 'meeting_transcript';
  const held = isTranscript && !makes ? 'heard' : 'held';
  if (name === 'id') return heldId(sandbox, object, held);
  if (name === 'email') return 'held@acme.test';
  if (name === 'externalId') return makes && !isTranscript ? 'new' : held;
  if (name === 'accountId' && object === 'user_account' && makes) return 'globex';
  return VALUES[name];
}

const KINDS: Readonly<Record<string, string>> = {
  conversation: 'conversations',
  'custom_object:site': 'instances',
  meeting: 'meetings',
  meeting_transcript: 'meetings',
  message: 'messages',
  note: 'notes',
  nps_response: 'npsResponses',
  task: 'tasks',
};

/** Vitally's id of the record that {@link seedHeld} put there. */
function heldId(sandbox: Sandbox, object: string, externalId: string): string {
  if (object === 'organization') return idOf(sandbox, 'organizations', externalId);
  if (object === 'account') return idOf(sandbox, 'accounts', externalId);
  if (object === 'user') return idOf(sandbox, 'users', externalId);
  if (object === 'project') return namedIdOf(sandbox, 'projects', 'Held');
  return itemIdOf(sandbox, KINDS[object] ?? object, externalId);
}

function listAt(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('this is no list');
  return value;
}

function textsAt(value: unknown): string[] {
  return listAt(value).map(String);
}
