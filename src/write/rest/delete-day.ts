import { RecordError } from '../../errors/record-error.ts';
import type { Write } from '../../mapping/route.ts';
import type { VitallyObject } from '../../objects/object.ts';

/** `2026-12-31` of a date or date-time: the day as the row has it, whatever its zone. */
const DAY_CHARACTERS = 10;

/** The last zone in which a day ends is twelve hours behind UTC. */
const LAST_ZONE_MS = 12 * 3_600_000;

/**
 * The query of a DELETE: a day for each field of deletes that the row fills, such as `?deleteOn=2026-12-31`
 * (vitally-api.md, "Users"). What Vitally does with a day that is over is not documented.
 *
 * @param nowMs milliseconds since the epoch
 * @throws RecordError `bad_value` for a day that is over everywhere
 */
export function deleteQuery(object: VitallyObject, write: Write, nowMs: number): string {
  const today = new Date(nowMs - LAST_ZONE_MS).toISOString().slice(0, DAY_CHARACTERS);
  const query = new URLSearchParams();
  for (const [name, day] of daysOf(object, write)) {
    if (day < today) throw over(name);
    query.set(name, day);
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Whether the record stays until a day. */
export function isForLater(object: VitallyObject, write: Write): boolean {
  return daysOf(object, write).length > 0;
}

function daysOf({ deleteFields = {} }: VitallyObject, { fields }: Write): [name: string, day: string][] {
  return Object.keys(deleteFields).flatMap((name) => {
    const value = fields.get(name);
    return typeof value === 'string' ? [[name, value.slice(0, DAY_CHARACTERS)]] : [];
  });
}

function over(field: string): RecordError {
  return new RecordError({
    code: 'bad_value',
    field,
    message: `${field} is a day that is over`,
    fix: 'Give today or a later day, or leave it empty to have the record deleted at once.',
  });
}
