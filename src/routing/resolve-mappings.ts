import { nearestName } from '../config/schema/nearest-name.ts';
import { columnsOf, type StreamEntry, sourceOf } from '../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../errors/findings.ts';
import { quoted, quotedList } from '../errors/quoted.ts';
import { triedNow } from '../errors/tried.ts';
import { createFieldNames, type FieldNames, slotOf } from '../mapping/field-names.ts';
import { isPlaceId } from '../mapping/place-id.ts';
import type { Route } from '../mapping/route.ts';
import { coerceField } from '../mapping/values/field-values.ts';
import { coerceTrait } from '../mapping/values/values.ts';
import { folded } from '../objects/index.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { isListed } from './checks/listed-columns.ts';
import { unknownColumns } from './checks/new-traits.ts';

type Keyed = Pick<Route, 'object' | 'matchOn' | 'keyColumns' | 'keyConstant' | 'mapped'>;

/**
 * Checks what an entry says about columns: its `fields`, `constants` and `if_empty`.
 *
 * @returns the `if_empty` names in one form: a field's own name, or `traits.x`.
 */
export function resolveMappings(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  findings: Findings,
): readonly string[] {
  const names = createFieldNames(route.object, route.matchOn);
  checkDestinations(stream, route, entry, names, findings);
  checkConstants(entry, names, findings);
  return resolveIfEmpty(stream, route, entry, names, findings);
}

/** Warns where the names of columns promise something that does not happen. */
export function warnOfColumns(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  const names = createFieldNames(route.object, route.matchOn);
  const mapped = new Set(entry?.fields.map(sourceOf));
  if (route.object.others === 'nowhere' && entry?.otherColumns !== 'drop') {
    // Columns that hold the id of an account or organization have their own rule: see foreign-places.ts.
    const left = unknownColumns(stream, route, entry, names).filter(
      (column) => route.object.foreignPlaces === undefined || !isPlaceId(column),
    );
    const message = `${titleOf(stream)}: ${quotedList(left)} go to no field of ${route.object.plural}, which have no traits, and are left out`;
    if (left.length > 0 && entry?.preventNewTraits !== true) addWarning(findings, message);
  }
  for (const column of stream.columns ?? []) {
    if (mapped.has(column)) continue;
    const isKeyColumn = route.keyColumns.includes(column);
    if (isKeyColumn && !names.isKey(column) && names.field(column)?.field.association !== undefined) {
      const message = `${titleOf(stream)}: column ${quoted(column)} is part of the key and nothing else; map it in "fields" to make it an association too`;
      addWarning(findings, message);
    }
    if (
      !isKeyColumn &&
      names.isKey(column) &&
      route.keyColumns.length > 0 &&
      route.object.others === 'traits'
    ) {
      const fate = entry?.otherColumns === 'drop' ? 'is left out' : 'becomes a trait';
      const message = `${titleOf(stream)}: column ${quoted(column)} ${fate}, since the ${route.matchOn} comes from ${quotedList(route.keyColumns)}`;
      addWarning(findings, message);
    }
  }
}

function checkDestinations(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  names: FieldNames,
  findings: Findings,
): void {
  const { fields, constants } = entry;
  const taken = new Map<string, string>();
  const places = [
    ...fields.map(({ destination }, index) => ({ destination, at: `${entry.path}/fields/${index}` })),
    ...constants.map(({ destination }, index) => ({ destination, at: `${entry.path}/constants/${index}` })),
  ];
  for (const { destination: name, at } of places) {
    const destination = names.named(name);
    if (destination.kind === 'trait' && destination.name === '') {
      addFault(findings, `${at}/destination`, 'the destination names no trait; write traits.<name>');
      continue;
    }
    if (destination.kind === 'trait' && route.object.others === 'nowhere') {
      const message = `${route.object.plural} have no traits and no field of this name; their fields are ${Object.keys(route.object.fields).join(', ')}`;
      addFault(findings, `${at}/destination`, message);
      continue;
    }
    const ofDeletes = Object.keys(route.object.deleteFields ?? {}).find(
      (field) => folded(field) === folded(name),
    );
    if (destination.kind === 'trait' && ofDeletes !== undefined) {
      const message = `${ofDeletes} is read in mode delete alone; write traits.${name} for a trait of this name`;
      addFault(findings, `${at}/destination`, message);
      continue;
    }
    const slot = slotOf(destination);
    const first = taken.get(slot);
    if (first === undefined) taken.set(slot, at);
    else addFault(findings, `${at}/destination`, `this goes to the same place as ${first}; keep one of them`);
  }
  warnOfUnlisted(stream, entry, findings);
}

/** Columns that the catalog lists none of: rows may bring them all the same, where its schema is open. */
function warnOfUnlisted(stream: ConfiguredStream, entry: StreamEntry, findings: Findings): void {
  const { columns } = stream;
  if (columns === undefined) return;
  for (const [index, mapping] of entry.fields.entries()) {
    const at = `${entry.path}/fields/${index}/${'source' in mapping ? 'source is' : 'template reads'}`;
    for (const column of columnsOf(mapping)) {
      if (isListed(stream, column)) continue;
      const nearest = nearestName(column, [...columns]);
      const remedy =
        nearest === undefined ? `it lists ${quotedList([...columns])}` : `did you mean ${quoted(nearest)}?`;
      const which = 'source' in mapping ? 'no column' : `${quoted(column)}, which is no column`;
      const message = `${at} ${which} that the catalog lists for ${titleOf(stream)}; ${remedy}`;
      addWarning(findings, message);
    }
  }
}

function checkConstants(entry: StreamEntry, names: FieldNames, findings: Findings): void {
  for (const [index, { destination: name, value }] of entry.constants.entries()) {
    const path = `${entry.path}/constants/${index}`;
    const destination = names.named(name);
    const place = { column: 'value', destination: 'value' };
    const { error } = triedNow(() => {
      if (destination.kind === 'trait') coerceTrait(value, place);
      else if (destination.kind === 'field') {
        const coerced = coerceField(destination.field, value, place).value;
        if (coerced === null && destination.field.neverNull === true) {
          addFault(findings, `${path}/value`, `${destination.name} cannot be emptied; give it a value`);
        }
      } else if (destination.kind === 'spread') {
        addFault(findings, `${path}/destination`, 'a constant fills one trait; write traits.<name>');
      }
    });
    if (error !== undefined)
      addFault(findings, `${path}/value`, `the value does not fit its destination. ${error.fix}`);
  }
}

function resolveIfEmpty(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  names: FieldNames,
  findings: Findings,
): readonly string[] {
  const { fields, constants, ifEmpty } = entry;
  if (ifEmpty.length > 0 && (route.object.rest === undefined || route.object.byPath === true)) {
    const message = `${titleOf(stream)}: ${route.object.plural} hold nothing that could be empty; leave "if_empty" out`;
    addFault(findings, `${entry.path}/if_empty`, message);
    return [];
  }
  const written = new Set(
    [...fields, ...constants].map(({ destination }) => slotOf(names.named(destination))),
  );
  return ifEmpty.map((name, index) => {
    const destination = names.named(name);
    const path = `${entry.path}/if_empty/${index}`;
    switch (destination.kind) {
      case 'field':
        return destination.field.in === 'traits' ? `traits.${destination.name}` : destination.name;
      case 'trait': {
        const exists =
          route.object.others !== 'nowhere' &&
          (names.traitPath(name) !== undefined ||
            written.has(slotOf(destination)) ||
            stream.columns?.has(name) !== false);
        if (!exists) {
          const message = `this is neither a field of ${route.object.plural} nor a trait that ${titleOf(stream)} writes; write traits.<name> for a trait`;
          addFault(findings, path, message);
        }
        return `traits.${destination.name}`;
      }
      default:
        addFault(findings, path, `this is not one field or trait of ${route.object.plural}`);
        return name;
    }
  });
}
