import { describe, expect, test } from 'vitest';
import type { Job } from '../../../../src/pipeline/scheduler/job.ts';
import { type JobEnd, Lanes } from '../../../../src/pipeline/scheduler/lanes.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { jobOf, linesOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';
import { writeOf } from '../../../support/workspace.ts';

const accounts = routeOf('account');
const appends = routeOf('account', { mode: 'append' });

/** Lanes whose jobs end when the test says so. */
function manualLanes(concurrency: number) {
  const begun: number[][] = [];
  const crashes: unknown[] = [];
  const inFlight = new InFlightWrites();
  const open = new Map<number, { end: (end: JobEnd) => void; fail: (error: Error) => void }>();
  const lanes = new Lanes({
    coalesce: true,
    inFlight,
    waitlist: { hasMemory: true },
    concurrency: { rest: concurrency, analytics: concurrency },
    run: (job: Job) => {
      job.sealed = true;
      begun.push(linesOf(job));
      return new Promise<JobEnd>((end, fail) => open.set(linesOf(job)[0] ?? 0, { end, fail }));
    },
    shutdown: { crash: (error) => crashes.push(error) },
  });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    lanes,
    inFlight,
    begun,
    crashes,
    settled,
    endNow(line: number, end: JobEnd | 'failed'): void {
      if (end === 'failed') open.get(line)?.fail(new Error(`line ${line}`));
      else open.get(line)?.end(end);
    },
    async end(line: number, end: JobEnd = 'settled'): Promise<void> {
      open.get(line)?.end(end);
      await settled();
    },
    async fail(line: number): Promise<void> {
      open.get(line)?.fail(new Error(`line ${line}`));
      await settled();
    },
  };
}

describe('one key', () => {
  test('is never twice in flight; rows that wait are folded', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    for (const line of [1, 2, 3, 4]) await lanes.push(jobOf(accounts, 'a', line));
    await settled();
    expect(begun).toEqual([[1]]);
    await end(1);
    expect(begun).toEqual([[1], [2, 3, 4]]);
    await end(2);
    await lanes.idle();
  });

  test('rows that don’t coalesce keep their order, one after the other', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    for (const line of [1, 2, 3]) await lanes.push(jobOf(appends, 'a', line));
    await settled();
    expect(begun).toEqual([[1]]);
    await end(1);
    await end(2);
    expect(begun).toEqual([[1], [2], [3]]);
  });

  test('rows of two routes to one object and key share a lane and don’t coalesce', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    const deletes = routeOf('account', { mode: 'delete' });
    await lanes.push(jobOf(accounts, 'a', 1));
    await lanes.push(jobOf(deletes, 'a', 2));
    await lanes.push(jobOf(accounts, 'a', 3));
    await settled();
    expect(begun).toEqual([[1]]);
    await end(1);
    await end(2);
    expect(begun).toEqual([[1], [2], [3]]);
  });

  test('users matched on e-mail share a lane whatever the case', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    const byEmail = routeOf('user', { matchOn: 'email' });
    for (const [index, email] of ['A@x.io', 'a@X.io', 'a@x.io'].entries())
      await lanes.push(
        jobOf(byEmail, email, index + 1, writeOf(email, { externalId: 'u-1', accountIds: ['a-1'] })),
      );
    await settled();
    expect(begun).toEqual([[1]]);
    await end(1);
    expect(begun).toEqual([[1], [2, 3]]);
  });
});

describe('a held job', () => {
  test('runs again when it is resumed, and what came behind it of its key after it', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    const [first, second] = [jobOf(appends, 'a', 1), jobOf(appends, 'a', 2)];
    await lanes.push(first);
    await end(1, 'held');
    expect(await lanes.push(second)).toEqual({ ahead: first, holder: second });
    await lanes.idle();
    lanes.resume(first);
    await settled();
    expect(begun).toEqual([[1], [1]]);
    await end(1);
    expect(begun).toEqual([[1], [1], [2]]);
  });

  test('takes in rows that can be folded, and tells that they wait with it', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    const first = jobOf(accounts, 'a', 1);
    await lanes.push(first);
    await end(1, 'held');
    expect(await lanes.push(jobOf(accounts, 'a', 2))).toMatchObject({ ahead: first, holder: first });
    lanes.resume(first);
    await settled();
    expect(begun).toEqual([[1], [1, 2]]);
  });

  test('that was resumed while it still ran runs again', async () => {
    const { lanes, begun, end, settled } = manualLanes(8);
    const job = jobOf(accounts, 'a', 1);
    await lanes.push(job);
    await settled();
    lanes.resume(job);
    await end(1, 'held');
    expect(begun).toEqual([[1], [1]]);
    await end(1);
    await lanes.idle();
  });

  test.each([
    { child: 'message', owner: 'conversation' },
    { child: 'meeting_transcript', owner: 'meeting' },
  ] as const)('$child lets the $owner past that its lane is named after', async ({ child, owner }) => {
    const { lanes, begun, end } = manualLanes(8);
    const waiting = jobOf(routeOf(child), 'x', 1, writeOf('x', { conversationId: 'x' }));
    const later = jobOf(routeOf(child, { mode: 'append' }), 'x', 2, writeOf('x', { conversationId: 'x' }));
    await lanes.push(waiting);
    await end(1, 'held');
    expect(await lanes.push(later)).toEqual({ ahead: waiting, holder: later });
    expect(await lanes.push(jobOf(routeOf(owner), 'x', 3))).toBeUndefined();
    lanes.resume(waiting);
    expect(begun).toEqual([[1], [3]]);
    await end(3);
    await end(1);
    expect(begun).toEqual([[1], [3], [1], [2]]);
  });

  test('of a conversation holds up the messages behind it', async () => {
    const { lanes, begun, end } = manualLanes(8);
    const conversation = jobOf(routeOf('conversation'), 'x', 1);
    await lanes.push(conversation);
    await end(1, 'held');
    const message = jobOf(routeOf('message'), 'y', 2, writeOf('y', { conversationId: 'x' }));
    expect(await lanes.push(message)).toMatchObject({ ahead: conversation });
    await lanes.idle();
    expect(begun).toEqual([[1]]);
  });
});

test('rows that come before their job has begun join it', async () => {
  const { lanes, begun, end } = manualLanes(1);
  await lanes.push(jobOf(accounts, 'busy', 1));
  await lanes.push(jobOf(accounts, 'a', 2));
  await lanes.push(jobOf(accounts, 'a', 3));
  await end(1);
  expect(begun).toEqual([[1], [2, 3]]);
});

test('so many jobs run at a time as are allowed, the next as soon as one ends', async () => {
  const { lanes, begun, end, settled } = manualLanes(2);
  for (const line of [1, 2, 3, 4]) await lanes.push(jobOf(accounts, `a-${line}`, line));
  await settled();
  expect(begun).toEqual([[1], [2]]);
  await end(2);
  expect(begun).toEqual([[1], [2], [3]]);
});

describe('a job that is posted', () => {
  /** Lanes whose jobs are posted, and end when the test says so. */
  function postingLanes() {
    const posted: { readonly lines: number[]; readonly ended: () => void }[] = [];
    const inFlight = new InFlightWrites();
    const lanes = new Lanes({
      coalesce: true,
      inFlight,
      waitlist: { hasMemory: true },
      concurrency: { rest: 1, analytics: 1 },
      run: async () => 'settled',
      post: (job, ended) => {
        job.sealed = true;
        posted.push({ lines: linesOf(job), ended });
        return true;
      },
      shutdown: { crash: () => {} },
    });
    return { lanes, inFlight, posted, linesPosted: () => posted.map(({ lines }) => lines) };
  }

  test('takes no place and no wait, and keeps its lane until it has ended', async () => {
    const { lanes, posted, linesPosted } = postingLanes();
    const pushed = [
      lanes.push(jobOf(accounts, 'a', 1)),
      lanes.push(jobOf(accounts, 'b', 2)),
      lanes.push(jobOf(accounts, 'a', 3)),
      lanes.push(jobOf(accounts, 'a', 4)),
    ];
    expect(pushed).toEqual([undefined, undefined, undefined, undefined]);
    expect(linesPosted()).toEqual([[1], [2]]);
    posted[0]?.ended();
    expect(linesPosted()).toEqual([[1], [2], [3, 4]]);
  });

  test('is waited for, by those who need its record too', async () => {
    const { lanes, inFlight, posted } = postingLanes();
    lanes.push(jobOf(accounts, 'a', 1));
    const steps: string[] = [];
    const waits = [
      lanes.idle().then(() => steps.push('idle')),
      inFlight.running('account', 'a')?.then(() => steps.push('record')),
      inFlight.running('account', 'a')?.then(() => steps.push('record')),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual([]);
    posted[0]?.ended();
    await Promise.all(waits);
    expect(steps.toSorted()).toEqual(['idle', 'record', 'record']);
    expect(inFlight.running('account', 'a')).toBeUndefined();
  });

  test('that waited for its lane is not posted once all is cancelled', () => {
    const { lanes, posted, linesPosted } = postingLanes();
    lanes.push(jobOf(accounts, 'a', 1));
    lanes.push(jobOf(appends, 'a', 2));
    lanes.cancel();
    posted[0]?.ended();
    expect(linesPosted()).toEqual([[1]]);
  });
});

test('running tells when the job of a key ends', async () => {
  const { lanes, inFlight, end, settled } = manualLanes(1);
  const [first, second] = [jobOf(accounts, 'a', 1), jobOf(accounts, 'b', 2)];
  await lanes.push(first);
  await lanes.push(second);
  await settled();
  expect(inFlight.running('account', 'b')).toBeUndefined();
  const running = inFlight.running('account', 'a');
  expect(running).toBeInstanceOf(Promise);
  await end(1);
  await running;
  expect(inFlight.running('account', 'a')).toBeUndefined();
});

test('a job that throws is told of, and its lane goes on', async () => {
  const { lanes, begun, crashes, fail, settled } = manualLanes(2);
  await lanes.push(jobOf(appends, 'a', 1));
  await lanes.push(jobOf(appends, 'a', 2));
  await settled();
  await fail(1);
  expect(crashes).toEqual([new Error('line 1')]);
  expect(begun).toEqual([[1], [2]]);
});

test('cancel drops what has not begun; what runs goes on', async () => {
  const { lanes, begun, end, settled } = manualLanes(1);
  await lanes.push(jobOf(appends, 'a', 1));
  await lanes.push(jobOf(appends, 'a', 2));
  await lanes.push(jobOf(appends, 'b', 3));
  await settled();
  lanes.cancel();
  await lanes.push(jobOf(appends, 'c', 4));
  await end(1);
  await lanes.idle();
  expect(begun).toEqual([[1]]);
});

test('a thousand waiting keys are the bound: the next push waits', async () => {
  const { lanes, end, settled } = manualLanes(1);
  const pushed: number[] = [];
  const all = (async () => {
    for (let line = 1; line <= 1_010; line++) {
      await lanes.push(jobOf(accounts, `a-${line}`, line));
      pushed.push(line);
    }
  })();
  await settled();
  await settled();
  const before = pushed.length;
  expect(before).toBeLessThanOrEqual(1_001);
  expect(before).toBeGreaterThan(990);
  await end(1);
  await end(2);
  expect(pushed.length).toBe(before + 2);
  lanes.cancel();
  await all;
});

describe('a push that comes while a job ends', () => {
  test.each(
    [accounts, appends].flatMap((route) =>
      (['settled', 'failed'] as const).flatMap((end) =>
        Array.from({ length: 13 }, (_, microtasks) => ({ mode: route.mode, route, end, microtasks })),
      ),
    ),
  )(
    '$mode, first job $end, $microtasks microtasks later: each job runs as often as it should',
    async (given) => {
      const { lanes, begun, crashes, settled, endNow } = manualLanes(8);
      await lanes.push(jobOf(given.route, 'a', 1));
      await settled();
      endNow(1, given.end);
      for (let turn = 0; turn < given.microtasks; turn++) await undefined;
      await lanes.push(jobOf(given.route, 'a', 2));
      await settled();
      expect(begun).toEqual([[1], [2]]);
      endNow(2, 'settled');
      await lanes.idle();
      expect(begun).toEqual([[1], [2]]);
      expect(crashes).toHaveLength(given.end === 'failed' ? 1 : 0);
    },
  );

  test.each(Array.from({ length: 13 }, (_, microtasks) => ({ microtasks })))(
    'held, $microtasks microtasks later: it runs again once it is resumed, and no row is left out',
    async ({ microtasks }) => {
      const { lanes, begun, settled, endNow } = manualLanes(8);
      const first = jobOf(appends, 'a', 1);
      await lanes.push(first);
      await settled();
      endNow(1, 'held');
      for (let turn = 0; turn < microtasks; turn++) await undefined;
      lanes.resume(first);
      await lanes.push(jobOf(appends, 'a', 2));
      await settled();
      expect(begun).toEqual([[1], [1]]);
      endNow(1, 'settled');
      await settled();
      endNow(2, 'settled');
      await lanes.idle();
      expect(begun).toEqual([[1], [1], [2]]);
    },
  );
});

test('a job whose turn has come is not dropped: it runs', async () => {
  const { lanes, begun, settled, endNow } = manualLanes(1);
  const [first, second] = [jobOf(appends, 'a', 1), jobOf(appends, 'a', 2)];
  await lanes.push(jobOf(appends, 'b', 9));
  await lanes.push(first);
  await lanes.push(second);
  expect(lanes.drop(first)).toBe(false);
  expect(lanes.drop(second)).toBe(true);
  await settled();
  endNow(9, 'settled');
  await settled();
  endNow(1, 'settled');
  await lanes.idle();
  expect(begun).toEqual([[9], [1]]);
});
