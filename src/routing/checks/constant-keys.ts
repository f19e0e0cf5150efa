import type { StreamEntry } from '../../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../../errors/findings.ts';
import { quoted, quotedList } from '../../errors/quoted.ts';
import { namesOf } from '../../mapping/creation-needs.ts';
import { createFieldNames, type FieldNames } from '../../mapping/field-names.ts';
import { keySource } from '../../mapping/key-source.ts';
import type { Route } from '../../mapping/route.ts';
import { folded } from '../../objects/index.ts';
import type { VitallyObject } from '../../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';
import { keyNames } from '../key-columns.ts';

type Keyed = Pick<Route, 'object' | 'mode' | 'matchOn' | 'keyColumns' | 'keyConstant' | 'mapped'>;

/**
 * Constants that name a record and are not the key of every row: all rows would be that record, or a trait would be made
 * that its author took for the record's id. An e-mail is an ordinary field too.
 */
export function faultConstantKeys(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  findings: Findings,
): void {
  const { object, matchOn } = route;
  if (object.byPath === true) return;
  const names = createFieldNames(object, matchOn);
  for (const [index, { destination }] of entry.constants.entries()) {
    if (!namesRecord(object, destination)) continue;
    const isKey = names.named(destination).kind === 'key';
    if (isKey && route.keyConstant !== undefined) continue;
    const message = `${titleOf(stream)}: ${reasonOf(route, destination)}`;
    addFault(findings, `${entry.path}/constants/${index}/destination`, message);
  }
  warnOfOneRecord(stream, route, entry, names, findings);
}

function namesRecord(object: VitallyObject, destination: string): boolean {
  const wanted = folded(destination);
  return keyNames(object).some(({ name }) => name !== 'email' && folded(name) === wanted);
}

function reasonOf({ object, mode, matchOn, keyConstant, mapped }: Keyed, destination: string): string {
  const orTrait = object.others === 'traits' ? `; write ${quoted(`traits.${destination}`)} for a trait` : '';
  if (object.fieldOfKey !== undefined)
    return `all its rows would have one id, and Vitally keeps the first ${object.name} of an id alone`;
  if (mode !== 'update' && mode !== 'delete')
    return `a constant is the key in the modes update and delete alone: all its rows would be one record${orTrait}`;
  if (mapped) return `its key is mapped in the connection, so that a constant cannot be it${orTrait}`;
  if (keyConstant !== undefined)
    return `another constant is the key already, the ${matchOn}; keep one of them${orTrait}`;
  return `its rows are matched on ${matchOn}, so that this is not their key; say what they are matched on in "match_on"${orTrait}`;
}

/** Fields make the key, and constants give all of them. */
function warnOfOneRecord(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  names: FieldNames,
  findings: Findings,
): void {
  if (keySource(route) !== 'fields') return;
  const given = new Set(
    entry.constants.map(({ destination }) => {
      const place = names.named(destination);
      return place.kind === 'field' ? place.name : undefined;
    }),
  );
  const groups = (route.object.keyFields ?? []).map(namesOf);
  if (!groups.every((group) => group.some((name) => given.has(name)))) return;
  const fields = groups.flat().filter((name) => given.has(name));
  const message = `${titleOf(stream)}: all its rows are one record, since constants give its ${quotedList(fields)}`;
  addWarning(findings, message);
}
