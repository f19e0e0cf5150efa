import { addFault, type Findings } from '../errors/findings.ts';
import type { StreamEntry } from './stream-options.ts';

/** Faults between entries, and between options of one entry: what is there twice, and a limit that is two. */
export function checkEntries(entries: readonly StreamEntry[], findings: Findings): void {
  faultDuplicates(
    entries.map(({ path, stream, namespace = '' }) => ({ path, name: JSON.stringify([stream, namespace]) })),
    (first) => `is for the same stream and namespace as ${first}; keep one of them`,
    findings,
  );
  for (const { path, fields, constants, deleteLimit } of entries) {
    if ('count' in deleteLimit && 'percent' in deleteLimit) {
      const message = 'must hold one of "count" and "percent", not both; take one out';
      addFault(findings, `${path}/delete_limit`, message);
    }
    faultDuplicates(
      [...destinationsIn(`${path}/fields`, fields), ...destinationsIn(`${path}/constants`, constants)],
      (first) => `is the same destination as ${first}; a destination takes one value, keep one of them`,
      findings,
    );
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
}

function destinationsIn(path: string, list: readonly { readonly destination: string }[]): readonly Place[] {
  return list.map(({ destination }, index) => ({ path: `${path}/${index}/destination`, name: destination }));
}

function faultDuplicates(
  places: readonly Place[],
  message: (first: string) => string,
  findings: Findings,
): void {
  const firsts = new Map<string, string>();
  for (const { path, name } of places) {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, path);
    else addFault(findings, path, message(first));
  }
}
