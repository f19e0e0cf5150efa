import { distance } from 'fastest-levenshtein';

/** Beyond this many mistyped characters a name is another name. */
const MAX_TYPOS = 3;
/** Longer names are no slips of the pen; comparing them would only cost time. */
const MAX_NAME_CHARACTERS = 64;

/**
 * The known name that was probably meant: the same but for case, dashes, `_` and spaces, or else the one with the
 * fewest mistyped characters.
 *
 * @param mostTypos how many mistyped characters a known name may have; at most a third of its length unless said
 * otherwise
 * @example nearestName('syncKey', ['sync_key', 'mode']) // 'sync_key'
 */
export function nearestName(
  name: string,
  known: readonly string[],
  mostTypos: (candidate: string) => number = ({ length }) => Math.floor(length / 3),
): string | undefined {
  if (name.length > MAX_NAME_CHARACTERS) return undefined;
  const wanted = plain(name);
  let nearest: string | undefined;
  let fewest = MAX_TYPOS + 1;
  for (const candidate of known) {
    const typos = distance(wanted, plain(candidate));
    if (typos < fewest && typos <= mostTypos(candidate)) {
      nearest = candidate;
      fewest = typos;
    }
  }
  return nearest;
}

/** A name without what people write in several ways. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\p{Pd}\u2212_\s]/gu, '');
}

/** Shorter names are one letter apart by chance. */
const MIN_SLIP_CHARACTERS = 4;

/** Whether two names are apart by a letter more, less or another, or by two that are swapped. Their case counts. */
export function isOneSlip(name: string, other: string): boolean {
  if (other.length < MIN_SLIP_CHARACTERS || Math.abs(name.length - other.length) > 1) return false;
  const apart = distance(name, other);
  return apart === 1 || (apart === 2 && isSwapped(name, other));
}

function isSwapped(name: string, other: string): boolean {
  const first = [...name].findIndex((character, index) => character !== other[index]);
  const swapped = `${name.slice(0, first)}${name[first + 1]}${name[first]}${name.slice(first + 2)}`;
  return swapped === other;
}
