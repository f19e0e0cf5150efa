import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import { changesOf } from '../../rest/changes.ts';
import { shown, shownIds } from '../../rest/shown-value.ts';
import type { AcceptedRow } from './accepted-rows.ts';

/** Vitally's clock is known to the second. */
const CLOCK_SLACK_MS = 1_000;

/** Whether a record shows what was sent, and the fields that it shows otherwise. */
export interface Judged {
  readonly kind: 'verified' | 'not_shown' | 'differs';
  readonly fields: readonly string[];
}

/** A row and what is known of it so far. */
export interface Finding extends Judged {
  readonly row: AcceptedRow;
}

/**
 * Holds a record, as a list shows it, against what its messages said. One with other values that was changed since they
 * were sent differs; one that was not does not show them yet. Vitally does not document what a null does, so nulls are
 * left out (vitally-api.md, "Analytics messages").
 *
 * @param idOf Vitally's id of what a field names by your own id, `undefined` where that is not known without a read
 */
export function judge(
  row: AcceptedRow,
  record: JsonObject,
  idOf: (field: string, id: string) => string | undefined,
): Judged {
  const given = [...row.fields].filter(([name, value]) => value !== null && name !== 'externalId');
  const isTie = (name: string): boolean => row.object.fields[name]?.association !== undefined;
  const fields = new Map(given.filter(([name]) => !isTie(name)));
  const traits = new Map([...row.traits].filter(([, value]) => value !== null));
  const ties = given.filter(([name, value]) => isTie(name) && !hasTies(row, record, name, value, idOf));
  const others = [...changesOf(row.object, record, { fields, traits }).keys(), ...ties.map(([name]) => name)];
  if (others.length === 0) return { kind: 'verified', fields: [] };
  const updatedAt = Date.parse(String(own(record, 'updatedAt')));
  const isChanged = updatedAt >= row.sentAtMs - CLOCK_SLACK_MS;
  return { kind: isChanged ? 'differs' : 'not_shown', fields: others };
}

function hasTies(
  { object }: AcceptedRow,
  record: JsonObject,
  name: string,
  value: JsonValue,
  idOf: (field: string, id: string) => string | undefined,
): boolean {
  const held = new Set([shown(object, record, name), shownIds(object, record, name)].flat());
  return [value].flat().every((id) => {
    if (held.has(id)) return true;
    const known = typeof id === 'string' ? idOf(name, id) : undefined;
    return known === undefined || held.has(known);
  });
}

/** Your own id of a record that a list shows. */
export function externalIdOf(record: JsonValue): string | undefined {
  const id = isJsonObject(record) ? own(record, 'externalId') : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
