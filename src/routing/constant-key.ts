import type { MatchOn, Mode, StreamEntry } from '../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../errors/findings.ts';
import { createFieldNames } from '../mapping/field-names.ts';
import { readId } from '../mapping/keys.ts';
import type { Route } from '../mapping/route.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { usualMatch } from './key-columns.ts';

/** A constant of an entry that is the key, and its index among the constants. */
export interface ConstantKey {
  readonly matchOn: MatchOn;
  readonly index: number;
}

/**
 * The constant that is the key of every row, where an entry has one: allowed in modes that change what is there. A
 * constant `id` says by itself what rows are matched on.
 */
export function constantKeyOf(
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry,
): ConstantKey | undefined {
  if (mode !== 'update' && mode !== 'delete') return undefined;
  const candidates = entry.matchOn === undefined ? object.keys : [entry.matchOn];
  const usual = usualMatch(object);
  // An e-mail is an ordinary field unless the entry says that it is the key.
  const keys = candidates.filter((matchOn) => matchOn !== 'email' || entry.matchOn === 'email');
  const found = keys
    .map((matchOn) => ({ matchOn, index: indexOf(object, matchOn, entry.constants) }))
    .filter(({ index }) => index >= 0);
  return found.find(({ matchOn }) => matchOn === usual) ?? found[0];
}

function indexOf(
  object: VitallyObject,
  matchOn: MatchOn,
  constants: readonly { readonly destination: string }[],
): number {
  const names = createFieldNames(object, matchOn);
  return constants.findIndex(({ destination }) => names.named(destination).kind === 'key');
}

/** The key that a constant gives. Contract 2, `constants[]`. */
export function resolveConstantKey(
  stream: ConfiguredStream,
  entry: StreamEntry,
  { matchOn, index }: ConstantKey,
  findings: Findings,
): Pick<Route, 'matchOn' | 'keyColumns' | 'keyConstant'> | undefined {
  const title = titleOf(stream);
  const path = `${entry.path}/constants/${index}`;
  if (entry.syncKey !== undefined) {
    const message = `${title}: the key is a constant here and columns in "sync_key"; keep one of them`;
    addFault(findings, `${path}/destination`, message);
    return undefined;
  }
  const id = readId(entry.constants[index]?.value ?? null);
  if (id.kind !== 'id') {
    const given = id.kind === 'missing' ? 'it is empty' : id.given;
    addFault(
      findings,
      `${path}/value`,
      `${title}: this cannot be a key: ${given}; give the ${matchOn} of the record`,
    );
    return undefined;
  }
  addWarning(findings, `${title}: all its rows are one record, since ${path} is their ${matchOn}`);
  return { matchOn, keyColumns: [], keyConstant: id.text };
}
