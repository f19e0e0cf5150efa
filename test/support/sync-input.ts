import { globalState, record, state } from './messages.ts';
import { cursorOf, type Output } from './output.ts';

import { seededRandom } from './random.ts';

const ROWS = { organizations: 8, accounts: 60, users: 60, events: 90 };
const ROWS_PER_STATE = 9;

type StreamName = keyof typeof ROWS;

export type Transport = 'rest' | 'analytics';

/** The streams that an API can upsert or append, parents first. */
export const STREAMS_OF: Readonly<Record<Transport, readonly StreamName[]>> = {
  rest: ['organizations', 'accounts', 'users'],
  analytics: ['organizations', 'accounts', 'users', 'events'],
};

/** A line of a sync's input. */
export interface Item {
  readonly line: string;
  /** `undefined` for a STATE of the whole input. */
  readonly stream: StreamName | undefined;
  /** Rows of the stream up to here, this one included; of the whole input: items before this one. */
  readonly cursor: number;
  /** The record's key; `undefined` on a STATE. */
  readonly key: string | undefined;
}

/** How far each stream, and the whole input under `undefined`, is acknowledged. */
export type Acknowledged = ReadonlyMap<string | undefined, number>;

/**
 * Organizations, accounts, users and events as a source mixes them: parents before what refers to them, keys that
 * come again with other values, and a STATE every few rows, of the stream or of the whole input.
 */
export function mixedInput(seed: number, via: Transport, states: 'stream' | 'global' = 'stream'): Item[] {
  const streams = STREAMS_OF[via];
  const random = seededRandom(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const keys: Record<StreamName, string[]> = { organizations: [], accounts: [], users: [], events: [] };
  const done: Record<StreamName, number> = { organizations: 0, accounts: 0, users: 0, events: 0 };
  const items: Item[] = [];

  const anyKey = (name: StreamName): string => keys[name][below(keys[name].length)] ?? '';
  const nextKey = (name: StreamName): string => {
    if (name !== 'events' && keys[name].length > 3 && random() < 0.3) return anyKey(name);
    const key = `${name}-${done[name]}`;
    keys[name].push(key);
    return key;
  };
  const columns = (name: StreamName): object => {
    switch (name) {
      case 'organizations':
        return { mrr: below(1000) };
      case 'accounts':
        return { organizationId: anyKey('organizations'), [`trait${below(3)}`]: below(100) };
      case 'users':
        return { accountIds: [anyKey('accounts')], email: `user${below(100)}@example.com` };
      case 'events':
        return {
          event: 'Opened',
          step: done.events,
          userId: anyKey('users'),
          timestamp: '2026-01-31T09:30:00Z',
        };
    }
  };
  const mayCome = (name: StreamName, index: number): boolean => {
    const parent = streams[index - 1];
    return done[name] < ROWS[name] && (parent === undefined || done[parent] > 3);
  };
  const addGlobalState = (): void => {
    const cursor = items.length;
    items.push({ line: globalState(cursor), stream: undefined, cursor, key: undefined });
  };

  for (let rows = 1; ; rows++) {
    const open = streams.filter(mayCome);
    const stream = open[below(open.length)];
    if (stream === undefined) break;
    const id = nextKey(stream);
    const cursor = ++done[stream];
    const row = { id, name: `${stream} ${cursor}`, ...columns(stream) };
    items.push({ line: record(stream, row), stream, cursor, key: id });
    if (states === 'global' && rows % ROWS_PER_STATE === 0) addGlobalState();
    if (states === 'stream' && (cursor % ROWS_PER_STATE === 0 || cursor === ROWS[stream])) {
      items.push({ line: state(stream, cursor), stream, cursor, key: undefined });
    }
  }
  if (states === 'global') addGlobalState();
  return items;
}

/** How far the STATEs that a program printed reach, on top of what was acknowledged before. */
export function acknowledgedBy(program: Output, before: Acknowledged): Acknowledged {
  const acknowledged = new Map(before);
  for (const message of program.messagesOf('STATE')) {
    const { stream, cursor } = cursorOf(message);
    acknowledged.set(stream, Number(cursor));
  }
  return acknowledged;
}

/** Whether a STATE covers the item: a source that resumes doesn't send it again. */
export function isCovered({ stream, cursor }: Item, index: number, by: Acknowledged): boolean {
  return index <= (by.get(undefined) ?? -1) || (stream !== undefined && cursor <= (by.get(stream) ?? 0));
}
