import { type Answer, ok, Refusal } from '../answer.ts';
import type { Switches } from '../faults/switches.ts';
import { field, isObject, type JsonValue } from '../json.ts';
import type { Inbox, Message } from './inbox.ts';
import { type MessageType, validateStamps } from './message.ts';
import { MESSAGE_TYPES } from './registry.ts';

/** vitally-api.md, "Batches". */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES_WHERE_LIMITED = 50_000;

/** Answers a request below `/analytics/v1`. @throws Refusal for everything that the API refuses. */
export function answerAnalytics(
  inbox: Inbox,
  switches: Switches,
  endpoint: string,
  body: JsonValue,
  bodyBytes: number,
): Answer {
  const given = endpoint === 'batch' ? batch(body, bodyBytes, switches) : [single(endpoint, body)];
  for (const { type } of given) refuseBlocked(type, switches);
  const judged = given.map(judge);
  const good = judged.filter((verdict): verdict is Message => !(verdict instanceof Refusal));
  const bad = judged.find((verdict) => verdict instanceof Refusal);
  if (bad === undefined || switches.has('analytics-skips-bad') || switches.has('analytics-drops-bad'))
    inbox.accept(good);
  if (bad !== undefined && !switches.has('analytics-drops-bad')) throw bad;
  return ok({ message: 'Success.' });
}

/** A message as it came, its type not looked up yet. */
interface GivenMessage {
  readonly type: string;
  readonly body: JsonValue;
}

function single(endpoint: string, body: JsonValue): GivenMessage {
  if (!MESSAGE_TYPES.has(endpoint)) throw new Refusal(404, 'no such endpoint');
  return { type: endpoint, body };
}

function batch(body: JsonValue, bodyBytes: number, switches: Switches): GivenMessage[] {
  if (switches.has('analytics-413') && bodyBytes > MAX_BATCH_BYTES_WHERE_LIMITED)
    throw new Refusal(413, 'Request Entity Too Large');
  if (!Array.isArray(body)) throw new Refusal(400, 'a batch must be an array');
  if (body.length > MAX_BATCH_MESSAGES)
    throw new Refusal(400, `a batch must not have more than ${MAX_BATCH_MESSAGES} messages`);
  if (body.length === 0 && !switches.has('empty-batch-accepted'))
    throw new Refusal(400, 'a batch must not be empty');
  return body.map((message) => ({
    type: isObject(message) ? String(field(message, 'type')) : '',
    body: message,
  }));
}

function refuseBlocked(type: string, switches: Switches): void {
  const blocked: ReadonlySet<string> = switches;
  if (blocked.has(`blocked-${type}`)) throw new Refusal(400, 'Bad Request');
  if (type === 'organization' && switches.has('organizations-off'))
    throw new Refusal(400, 'Organizations are not enabled for this workspace');
}

function judge({ type, body }: GivenMessage): Message | Refusal {
  try {
    if (!isObject(body)) throw new Refusal(400, 'a message must be an object');
    const kind: MessageType | undefined = MESSAGE_TYPES.get(type);
    if (kind === undefined) throw new Refusal(400, 'type is not a kind of message');
    validateStamps(body);
    kind.validate(body);
    return { kind, body };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The records that a request is about, each once; none where the body makes no sense. */
export function analyticsRecordKeys(endpoint: string, body: JsonValue): string[] {
  const messages = endpoint === 'batch' ? (Array.isArray(body) ? body : []) : [body];
  const keys = messages.filter(isObject).map((message) => {
    const type = endpoint === 'batch' ? String(field(message, 'type')) : endpoint;
    return MESSAGE_TYPES.get(type)?.recordKey(message);
  });
  return [...new Set(keys.filter((key) => key !== undefined))];
}
