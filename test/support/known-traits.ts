import { createTraitNames, type TraitNames } from '../../src/mapping/trait-names.ts';
import type { KnownTrait } from '../../src/vitally/traits/known-traits.ts';

export function knownTrait(
  path: string,
  label: string,
  type: KnownTrait['type'] = 'unknown',
  options: KnownTrait['options'] = [],
): KnownTrait {
  return { path, label, type, options };
}

/** The traits that Vitally knows, for tests in which no name is shared. */
export function knownNames(...traits: readonly KnownTrait[]): TraitNames {
  return createTraitNames(traits, (name) => {
    throw new Error(`several traits are named ${name}`);
  });
}
