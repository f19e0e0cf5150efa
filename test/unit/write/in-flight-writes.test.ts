import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InFlightWrites } from '../../../src/write/in-flight-writes.ts';

describe('who writes which record', () => {
  test('a name leads to the lane of the rows that give it, until the last of them is settled', () => {
    const inFlight = new InFlightWrites();
    const [one, two] = [{}, {}];
    inFlight.begin(one, { laneKey: 'lane', names: ['user externalId u', 'user email a@x'] });
    inFlight.begin(two, { laneKey: 'lane', names: ['user email a@x', 'user email a@x'] });
    expect(inFlight.laneOf(['user id v', 'user email a@x'])).toBe('lane');
    inFlight.end(one);
    expect(inFlight.laneOf(['user externalId u'])).toBeUndefined();
    expect(inFlight.laneOf(['user email a@x'])).toBe('lane');
    inFlight.end(two);
    inFlight.end(two);
    expect(inFlight.laneOf(['user email a@x'])).toBeUndefined();
  });

  test('nothing is kept of rows that are settled, whatever their names', () => {
    const names = fc.array(fc.constantFrom<string>('a', 'b', 'c'), { maxLength: 4 });
    const claim = fc.record({ laneKey: fc.constantFrom<string>('x', 'y'), names });
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 12 }), (claims) => {
        const inFlight = new InFlightWrites();
        const rows = claims.map((each) => ({ each }));
        for (const row of rows) inFlight.begin(row, row.each);
        for (const [index, row] of rows.entries()) {
          inFlight.end(row);
          const left = claims.slice(index + 1);
          for (const name of ['a', 'b', 'c']) {
            const lanes = left.filter((each) => each.names.includes(name)).map(({ laneKey }) => laneKey);
            const found = inFlight.laneOf([name]);
            expect(found === undefined ? lanes : lanes.includes(found)).toEqual(lanes.length > 0 || []);
          }
        }
        expect(inFlight.size).toBe(0);
      }),
    );
  });
});

describe('work on one record', () => {
  test('goes one after the other in the order it is asked for, whatever becomes of it', async () => {
    const inFlight = new InFlightWrites();
    const steps: string[] = [];
    const work =
      (name: string, ticks: number, fails = false) =>
      async () => {
        steps.push(`${name} begins`);
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const all = [
      inFlight.exclusively('r', work('1', 12)),
      inFlight.exclusively('r', work('2', 3, true)),
      inFlight.exclusively('r', work('3', 0)),
    ];
    await Promise.allSettled(all);
    await inFlight.exclusively('r', work('4', 0));
    expect(steps).toEqual(['1', '2', '3', '4'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    await expect(all[1]).rejects.toThrow('2');
  });

  test('doesn’t wait for work on another', async () => {
    const inFlight = new InFlightWrites();
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = inFlight.exclusively('r', () => promise);
    await inFlight.exclusively('s', async () => {});
    resolve();
    await held;
  });
});
