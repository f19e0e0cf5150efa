import { quoted } from '../errors/quoted.ts';
import type { StreamDescriptor } from '../protocol/messages.ts';
import type { HeldState } from './state-interval.ts';

/** The objects that rows of a stream wait for, of any stream where none is named. */
export type AwaitedBy = (stream: StreamDescriptor | undefined) => readonly string[];

/** Why STATEs are not acknowledged when a run stops: a sentence for each stream that holds one (Contract 6). */
export function heldSentences(held: readonly HeldState[], awaitedBy: AwaitedBy): string[] {
  return held.map(
    (one) => `${titleOf(one)}: ${statesOf(one)} not acknowledged, since ${reasonOf(one, awaitedBy)}`,
  );
}

function titleOf({ state: { stream } }: HeldState): string {
  if (stream === undefined) return 'the whole input';
  const namespace = stream.namespace === undefined ? '' : ` of namespace ${quoted(stream.namespace)}`;
  return `stream ${quoted(stream.name)}${namespace}`;
}

function statesOf({ state, states }: HeldState): string {
  const first = `the STATE of line ${state.line}`;
  if (states === 1) return `${first} is`;
  return `${first} and ${states - 1} after it are`;
}

function reasonOf({ state, unsettled, rejected }: HeldState, awaitedBy: AwaitedBy): string {
  if (unsettled > 0) {
    const open = `${recordsOf(unsettled)} before it ${unsettled === 1 ? 'has' : 'have'} no outcome yet`;
    const parents = awaitedBy(state.stream);
    if (parents.length === 0) return open;
    return `${open}: rows wait for a parent (${parents.join(', ')}) that this run may still bring`;
  }
  if (rejected > 0) return `${recordsOf(rejected)} before it ${rejected === 1 ? 'was' : 'were'} rejected`;
  return 'one before it is held';
}

function recordsOf(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}
