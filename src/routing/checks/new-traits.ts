import { type StreamEntry, sourceOf } from '../../config/stream-options.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { addFault, type Findings } from '../../errors/findings.ts';
import { quotedList } from '../../errors/quoted.ts';
import { createFieldNames, type FieldNames } from '../../mapping/field-names.ts';
import type { NewTraits, Route } from '../../mapping/route.ts';
import { isNameless, isSourceColumn } from '../../mapping/source-columns.ts';
import type { TraitNames } from '../../mapping/trait-names.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';

type Keyed = Pick<Route, 'object' | 'matchOn' | 'keyColumns' | 'mapped'>;

const REMEDY =
  'map them in "fields" (to traits.<name> where you want the trait) or leave them out of the stream';

/** Listed columns that go to no field, by name or by the entry's `fields`. */
export function unknownColumns(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry | undefined,
  names: FieldNames = createFieldNames(route.object, route.matchOn),
): readonly string[] {
  const mapped = new Set(entry?.fields.map(sourceOf));
  return [...(stream.columns ?? [])].filter((column) => {
    if (
      mapped.has(column) ||
      route.keyColumns.includes(column) ||
      isSourceColumn(column) ||
      isNameless(column)
    )
      return false;
    return names.field(column) === undefined;
  });
}

/**
 * Holds the listed columns against an entry's `prevent_new_traits`. Where Vitally can be asked which traits it knows,
 * that is left to {@link faultNewTraits}: what it needs is returned. Else the object's own fields and what `fields`
 * names are all that is wanted, and the others are faults.
 */
export function resolveNewTraits(
  stream: ConfiguredStream,
  route: Keyed,
  entry: StreamEntry,
  canAsk: boolean,
  findings: Findings,
): NewTraits | undefined {
  const { object } = route;
  const path = `${entry.path}/prevent_new_traits`;
  if (!entry.preventNewTraits || entry.otherColumns === 'drop') return undefined;
  if (object.byPath === true) {
    const message = `${titleOf(stream)}: ${object.plural} have no traits; leave "prevent_new_traits" out, or set "other_columns" to "drop"`;
    addFault(findings, path, message);
    return undefined;
  }
  const columns = unknownColumns(stream, route, entry);
  if (canAsk && object.traitModel !== undefined) return { columns, path };
  const title = titleOf(stream);
  if (stream.columns === undefined) {
    const message = `the catalog lists no columns for ${title}, so new traits cannot be told from known fields; set "other_columns" to "drop" instead`;
    // The catalog's fault, not the entry's: a check, which has no catalog, must not find it.
    addFault(findings, `${stream.path}/stream/json_schema`, message);
  } else if (columns.length > 0 && object.others === 'nowhere') {
    const message = `${title}: ${quotedList(columns)} go to no field of ${object.plural}; map them in "fields" or leave them out of the stream`;
    addFault(findings, path, message);
  } else if (columns.length > 0) {
    addFault(findings, path, `${title}: ${quotedList(columns)} would become new traits; ${REMEDY}`);
  }
  return undefined;
}

/** Throws {@link ConfigError} with every listed column of the route that is no trait which Vitally knows. */
export function faultNewTraits(route: Route, traits: TraitNames): void {
  if (route.newTraits === undefined) return;
  const { columns, path } = route.newTraits;
  const names = createFieldNames(route.object, route.matchOn);
  const unknown = columns.filter((column) => {
    const trait = route.mapped ? names.traitPath(column) : undefined;
    if (trait === undefined) return traits.named(column) === undefined;
    return names.trait(trait).kind === 'trait' && traits.at(trait) === undefined;
  });
  if (unknown.length === 0) return;
  const title = titleOf({ name: route.stream, namespace: route.namespace });
  const message = `${title}: ${quotedList(unknown)} would become new traits, which Vitally does not know; ${REMEDY}`;
  throw ConfigError.of([{ path, message }]);
}
