import type { JsonValue } from '../../src/json/json.ts';
import type { Answer, Send, VitallyRequest } from '../../src/vitally/http/answer.ts';
import { Admins } from '../../src/vitally/records/admins.ts';
import { NamedLists } from '../../src/vitally/records/named-lists.ts';
import { RecordCache } from '../../src/vitally/records/record-cache.ts';
import { PendingMessages } from '../../src/write/analytics/pending-messages.ts';
import { ExpectedParents } from '../../src/write/associations/expected-parents.ts';
import {
  AssociationResolver,
  type AssociationResolverOptions,
} from '../../src/write/associations/resolver.ts';
import { InFlightWrites } from '../../src/write/in-flight-writes.ts';

const BASE = { sentAtMs: Date.UTC(2026, 0, 1), repeated: false };

export function ok(body?: JsonValue, status = 200): Extract<Answer, { kind: 'ok' }> {
  return { ...BASE, kind: 'ok', status, body };
}

export function no(
  kind: Exclude<Answer['kind'], 'ok'>,
  text: string = kind,
  status = { not_found: 404, exists: 409, too_large: 413, refused: 400 }[kind],
): Exclude<Answer, { kind: 'ok' }> {
  return { ...BASE, kind, status, text };
}

/** Stands in for Vitally where the sandbox has no such answer: line → answer, 404 for every other request. */
export class Script {
  readonly requests: VitallyRequest[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;

  constructor(answers: Readonly<Record<string, Answer>> = {}) {
    this.#answers = answers;
  }

  readonly send = async (request: VitallyRequest): Promise<Answer> => {
    this.requests.push(request);
    return this.#answers[`${request.method} ${request.path.replace('/resources', '')}`] ?? no('not_found');
  };

  /** What was asked since the last call, as `PUT /accounts/a-1`. */
  asked(): string[] {
    return this.requests.splice(0).map(({ method, path }) => `${method} ${path.replace('/resources', '')}`);
  }
}

/** A record cache and associations that ask through `send`; nothing is on its way, and waiting takes no time. */
export function associationsOver(
  send: Send,
  options: Partial<AssociationResolverOptions> = {},
): {
  associations: AssociationResolver;
  recordCache: RecordCache;
  named: NamedLists;
  pending: PendingMessages;
} {
  const recordCache = new RecordCache(send);
  const named = new NamedLists(send);
  let elapsedMs = 0;
  const now = (): number => elapsedMs;
  const sleep = async (ms: number): Promise<void> => {
    elapsedMs += ms;
    await options.sleep?.(ms);
  };
  const pending = new PendingMessages({ recordCache, now, sleep });
  const associations = new AssociationResolver({
    expected: new ExpectedParents([]),
    recordCache,
    named,
    admins: new Admins(send),
    inFlight: new InFlightWrites(),
    now,
    pending,
    ...options,
    sleep,
  });
  return { associations, recordCache, named, pending };
}
