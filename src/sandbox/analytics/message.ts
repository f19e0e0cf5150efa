import { Refusal } from '../answer.ts';
import type { Switches } from '../faults/switches.ts';
import { isIsoDate } from '../fields.ts';
import { field, type JsonObject } from '../json.ts';
import type { World } from '../store/world.ts';

/** A kind of message of the Analytics API. Adding one is a file that declares it, and a line in the registry. */
export interface MessageType {
  /** Its `type` in a batch and the last part of its own endpoint's path. */
  readonly type: string;
  /** @throws Refusal (400) that names the field at fault. */
  validate(message: JsonObject): void;
  /** The record it is about, see `restRecordKey`. */
  recordKey(message: JsonObject): string;
  /** Applies a valid message. */
  apply(world: World, message: JsonObject, switches: Switches): void;
}

/** Every message has one of them (vitally-api.md, "Analytics messages"). @throws Refusal (400). */
export function validateStamps(message: JsonObject): void {
  const messageId = field(message, 'messageId');
  const timestamp = field(message, 'timestamp');
  if (messageId === undefined && timestamp === undefined)
    throw new Refusal(400, 'messageId or timestamp is required');
  if (messageId !== undefined && (typeof messageId !== 'string' || messageId === ''))
    throw new Refusal(400, 'messageId must be a string');
  if (timestamp !== undefined && (typeof timestamp !== 'string' || !isIsoDate(timestamp)))
    throw new Refusal(400, 'timestamp must be an ISO 8601 date');
}

/** @throws Refusal (400) unless at least one of the ids is there, each a text. */
export function validateOneOf(message: JsonObject, names: readonly string[]): void {
  const given = names.filter((name) => (field(message, name) ?? null) !== null);
  for (const name of given)
    if (typeof field(message, name) !== 'string' || field(message, name) === '')
      throw new Refusal(400, `${name} must be a string`);
  if (given.length === 0) throw new Refusal(400, `one of ${names.join(', ')} is required`);
}

/** A validated id, `undefined` where the message has none. */
export function id(message: JsonObject, name: string): string | undefined {
  const value = field(message, name);
  return typeof value === 'string' ? value : undefined;
}
