import { isOneSlip } from '../../config/schema/nearest-name.ts';
import type { StreamEntry } from '../../config/stream-options.ts';
import { addWarning, type Findings } from '../../errors/findings.ts';
import { quoted } from '../../errors/quoted.ts';
import { createFieldNames } from '../../mapping/field-names.ts';
import type { Route } from '../../mapping/route.ts';
import { folded } from '../../objects/index.ts';
import type { VitallyObject } from '../../objects/object.ts';

/**
 * Warns of destinations that become a trait although they are one slip from a field's name: a letter more, less or
 * another, or two swapped. Who means the trait writes `traits.x`.
 */
export function warnOfSlips(
  { object, matchOn }: Pick<Route, 'object' | 'matchOn'>,
  entry: StreamEntry,
  findings: Findings,
): void {
  const names = createFieldNames(object, matchOn);
  const { fields, constants, ifEmpty } = entry;
  const places = [
    ...fields.map(({ destination }, index) => ({ name: destination, at: `fields/${index}/destination` })),
    ...constants.map(({ destination }, index) => ({
      name: destination,
      at: `constants/${index}/destination`,
    })),
    ...ifEmpty.map((name, index) => ({ name, at: `if_empty/${index}` })),
  ];
  for (const { name, at } of places) {
    if (names.named(name).kind !== 'trait' || names.traitPath(name) !== undefined) continue;
    const field = fieldNames(object).find((candidate) => isOneSlip(folded(name), folded(candidate)));
    if (field === undefined) continue;
    const message = `${entry.path}/${at}: ${quoted(name)} is no field of ${object.plural} and becomes a trait; did you mean ${quoted(field)}? Write ${quoted(`traits.${name}`)} if the trait is meant`;
    addWarning(findings, message);
  }
}

function fieldNames(object: VitallyObject): readonly string[] {
  const fields = Object.entries(object.fields).flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  return [...fields, ...object.keys];
}
