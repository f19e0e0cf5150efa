import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Observation,
  RequestCost,
  type RequestKind,
} from '../../../../src/vitally/rate-limit/request-cost.ts';

/** Requests sent one after the other, each answered before the next is sent. */
class OneByOne {
  readonly cost = new RequestCost();
  readonly #counts = { read: 0, write: 0 };
  #nowMs = 0;
  #remaining: number;
  readonly #refillPerMs: number;
  expired = 0;

  constructor(remaining: number, refillPerMs = 0) {
    this.#remaining = remaining;
    this.#refillPerMs = refillPerMs;
  }

  send(kind: RequestKind, units: number, tookMs = 10, returned = 0): this {
    const before = { ...this.#counts };
    this.#counts[kind]++;
    this.#remaining += returned - units;
    const observation: Observation = {
      kind,
      remaining: this.#remaining,
      sentAtMs: this.#nowMs,
      answeredAtMs: this.#nowMs + tookMs,
      answeredBefore: before,
      sentUntilAnswer: { ...this.#counts },
      expired: this.expired,
    };
    this.#nowMs += tookMs;
    this.cost.learn(observation, this.#refillPerMs);
    return this;
  }
}

describe('UnitCost', () => {
  test('takes a request for one unit until it learns otherwise', () => {
    const cost = new RequestCost();
    expect([cost.of('read'), cost.of('write')]).toEqual([1, 1]);
  });

  test.each([1, 2, 3, 5, 10, 40])('two answers in a row show that a write costs %i', (units) => {
    const { cost } = new OneByOne(1_000).send('write', units).send('write', units);
    expect([cost.of('read'), cost.of('write')]).toEqual([1, units]);
  });

  test('the cost of reads shows where there are only reads', () => {
    const { cost } = new OneByOne(1_000).send('read', 2).send('read', 2);
    expect([cost.of('read'), cost.of('write')]).toEqual([2, 1]);
  });

  test('among reads, what is left over is the cost of the writes', () => {
    const requests = new OneByOne(1_000).send('read', 1);
    for (let round = 0; round < 5; round++) requests.send('write', 3).send('read', 1);
    expect([requests.cost.of('read'), requests.cost.of('write')]).toEqual([1, 3]);
  });

  test('a cost that falls is followed', () => {
    const requests = new OneByOne(1_000).send('write', 5).send('write', 5);
    for (let request = 0; request < 300; request++) requests.send('write', 1);
    expect(requests.cost.of('write')).toBe(1);
  });

  test('a cost that rises late is followed', () => {
    const requests = new OneByOne(10_000);
    for (let request = 0; request < 2_000; request++) requests.send('write', 1);
    for (let request = 0; request < 600; request++) requests.send('write', 5);
    expect(requests.cost.of('write')).toBe(5);
  });

  test('what another client takes is unlearnt', () => {
    const requests = new OneByOne(10_000).send('write', 1).send('write', 4);
    expect(requests.cost.of('write')).toBe(4);
    for (let request = 0; request < 10; request++) requests.send('write', 1);
    expect(requests.cost.of('write')).toBe(1);
  });

  test.each([
    ['units that come back meanwhile outweigh what went', 1 / 5, 0],
    ['requests left the window meanwhile', 0, 50],
  ])('learns nothing where %s', (_name, refillPerMs, expired) => {
    const requests = new OneByOne(1_000, refillPerMs).send('write', 3).send('write', 3);
    const before = requests.cost.of('write');
    requests.expired += expired;
    requests.send('write', 1, 100).send('write', 1, 100);
    expect(requests.cost.of('write')).toBe(before);
  });

  test('begins anew where more is left than before, and after a restart', () => {
    const requests = new OneByOne(100).send('write', 3).send('write', 3);
    requests.send('write', 3, 10, 90).send('write', 3);
    expect(requests.cost.of('write')).toBe(3);
    requests.cost.restart();
    requests.send('write', 60);
    expect(requests.cost.of('write')).toBe(3);
  });

  test('a refusal raises the cost, up to a bound', () => {
    const cost = new RequestCost();
    cost.raise('write');
    expect([cost.of('read'), cost.of('write')]).toEqual([1, 2]);
    for (let times = 0; times < 1_000; times++) cost.raise('write');
    expect(cost.of('write')).toBe(100);
  });

  test('two answers in a row bound a cost that was raised too far', () => {
    const requests = new OneByOne(1_000).send('write', 3);
    for (let times = 0; times < 9; times++) requests.cost.raise('write');
    requests.send('write', 3);
    expect(requests.cost.of('write')).toBe(4);
  });

  test('whatever the answers say, a cost is a whole number from 1 to 100', () => {
    const count = fc.nat(50);
    const observation = fc.record({
      kind: fc.constantFrom('read' as const, 'write' as const),
      remaining: fc.nat(2_000),
      sentAtMs: fc.nat(1_000),
      answeredAtMs: fc.integer({ min: 1_000, max: 2_000 }),
      answeredBefore: fc.record({ read: count, write: count }),
      sentUntilAnswer: fc.record({ read: count, write: count }),
      expired: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), (observations) => {
        const cost = new RequestCost();
        for (const one of observations) cost.learn(one, 0.001);
        for (const kind of ['read', 'write'] as const) {
          expect(Number.isInteger(cost.of(kind))).toBe(true);
          expect(cost.of(kind)).toBeGreaterThanOrEqual(1);
          expect(cost.of(kind)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
