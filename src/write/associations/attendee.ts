import { own } from '../../json/guards.ts';
import type { JsonObject } from '../../json/json.ts';

/** A person who takes part in a meeting. */
export interface Attendee {
  /** As Vitally takes it: one of `userId` (your own id), `vitallyUserId` and `email`, beside `type`. */
  readonly body: JsonObject;
  /** Every id and e-mail by which Vitally may show the same person. */
  readonly names: ReadonlySet<string>;
}

/** Whether a participant that Vitally shows is this person. */
export function isShownAs(attendee: Attendee, shown: JsonObject): boolean {
  const texts = ['userId', 'vitallyUserId', 'email'].map((name) => own(shown, name));
  return isSame(attendee, namesOf(...texts.filter((text) => typeof text === 'string')));
}

export function isSame({ names }: Attendee, others: ReadonlySet<string>): boolean {
  return !names.isDisjointFrom(others);
}

/** E-mails are compared without case, ids as they are. */
export function namesOf(...texts: readonly (string | undefined)[]): ReadonlySet<string> {
  const given = texts.filter((text) => text !== undefined);
  return new Set(given.map((text) => (text.includes('@') ? text.toLowerCase() : text)));
}
