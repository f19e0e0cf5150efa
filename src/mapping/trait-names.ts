import { folded } from '../objects/index.ts';
import type { KnownTrait } from '../vitally/traits/known-traits.ts';
import { createFieldNames } from './field-names.ts';
import type { Route } from './route.ts';

/** Traits made on Vitally's screens have this before their own name (vitally-api.md, "Traits"). */
const OWN_PREFIX = 'vitally.custom.';

/** The traits that Vitally knows of a route's object, by the names that rows may have for them. */
export interface TraitNames {
  /** The trait of exactly this path. */
  at(path: string): KnownTrait | undefined;
  /**
   * The trait that a column means by its name: the one of exactly this path, else the only one whose path, label, or
   * own name in `vitally.custom.` is the same without case, `_`, `-` and spaces.
   */
  named(name: string): KnownTrait | undefined;
}

export const NO_TRAITS: TraitNames = { at: () => undefined, named: () => undefined };

/** @param onAmbiguous called once for a name that several traits share: it means none of them. */
export function createTraitNames(
  traits: readonly KnownTrait[],
  onAmbiguous: (name: string, paths: readonly string[]) => void,
): TraitNames {
  const byPath = new Map(traits.map((trait) => [trait.path, trait]));
  const byName = new Map<string, Set<KnownTrait>>();
  for (const trait of traits) {
    const { path, label } = trait;
    const own = path.startsWith(OWN_PREFIX) ? path.slice(OWN_PREFIX.length) : '';
    for (const name of [path, label, own].map(folded)) {
      if (name !== '') byName.set(name, (byName.get(name) ?? new Set()).add(trait));
    }
  }
  const said = new Set<string>();

  const named = (name: string): KnownTrait | undefined => {
    const exact = byPath.get(name);
    if (exact !== undefined) return exact;
    const key = folded(name);
    const [first, ...others] = byName.get(key) ?? [];
    if (first === undefined || others.length === 0) return first;
    if (!said.has(key)) {
      said.add(key);
      onAmbiguous(
        name,
        [first, ...others].map(({ path }) => path),
      );
    }
    return undefined;
  };

  return { at: (path) => byPath.get(path), named };
}

/**
 * The route with the traits that its entry names by label, or by another spelling, named by their paths. What it says
 * with `traits.` in front is exactly that trait and stays; but `if_empty` guards the trait of that label too: a value
 * that was edited by hand is kept under either reading.
 */
export function withTraitPaths(route: Route, traits: TraitNames): Route {
  const names = createFieldNames(route.object, route.matchOn);

  const pathOf = (destination: string): string => {
    const isPlain = names.named(destination).kind === 'trait' && names.traitPath(destination) === undefined;
    const known = isPlain ? traits.named(destination) : undefined;
    return known === undefined ? destination : `traits.${known.path}`;
  };

  const guarded = (destination: string): readonly string[] => {
    const path = names.traitPath(destination);
    if (path === undefined || names.trait(path).kind === 'field') return [destination];
    const known = traits.named(path);
    return known === undefined || known.path === path ? [destination] : [destination, `traits.${known.path}`];
  };

  return {
    ...route,
    fields: route.fields.map((mapping) => ({ ...mapping, destination: pathOf(mapping.destination) })),
    constants: route.constants.map(({ destination, value }) => ({ destination: pathOf(destination), value })),
    ifEmpty: route.ifEmpty.flatMap(guarded),
  };
}
