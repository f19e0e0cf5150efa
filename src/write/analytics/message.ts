import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../../json/json.ts';
import { contentId, derivedId } from '../../mapping/derived-id.ts';
import type { Route, Write } from '../../mapping/route.ts';

/** One message of a batch, ready to send: its JSON text never changes, so a retry has the same messageId. */
export interface Message {
  readonly text: string;
  readonly bytes: number;
}

/**
 * The messages a row becomes: one, or for a user one for each account (the Analytics API takes a single accountId a
 * message: vitally-api.md, "Analytics messages"). `associations` holds the user's own ids by message field.
 */
export function messagesOf(
  route: Route,
  write: Write,
  associations: ReadonlyMap<string, readonly string[]>,
  customObjectId?: string,
): Message[] {
  const { analytics } = route.object;
  if (analytics === undefined) throw new Error(`${route.object.name} has no Analytics message`);
  const traits = new Map(write.traits);
  const fields = new Map<string, JsonValue>();
  for (const [name, value] of write.fields) {
    const field = route.object.fields[name];
    if (field?.analyticsTrait !== undefined) traits.set(field.analyticsTrait, value);
    else if (field?.analyticsField !== undefined && field.association === undefined) {
      if (value !== null) fields.set(field.analyticsField, value);
    }
  }
  const isEvent = route.object.others === 'properties';
  const rows = Math.max(1, ...[...associations.values()].map((ids) => ids.length));
  return Array.from({ length: rows }, (_, index) => {
    const related = [...associations].map(([field, ids]) => [field, ids[index]] as const);
    return message({
      type: analytics.type,
      ...(customObjectId !== undefined && { customObjectId }),
      ...(!isEvent && { [analytics.keyField]: write.key ?? null }),
      ...Object.fromEntries(related.filter((entry) => entry[1] !== undefined)),
      ...(!fields.has('messageId') && { messageId: isEvent ? eventId(route, write) : randomUUID() }),
      ...Object.fromEntries(fields),
      [isEvent ? 'properties' : 'traits']: Object.fromEntries(traits),
    });
  });
}

/**
 * An event's messageId where the row brings none: derived from stream and key, or from the row's content where it has no
 * key. Vitally drops a message whose id it has seen, so a repeated sync adds nothing.
 */
export function eventId(route: Route, write: Write): string {
  if (write.key === undefined) return contentId(route, write);
  return derivedId([route.namespace ?? '', route.stream, 'key', write.key]);
}

function message(content: Record<string, unknown>): Message {
  const text = JSON.stringify(content);
  return { text, bytes: Buffer.byteLength(text) };
}
