import { distance } from 'fastest-levenshtein';

/** Beyond this many mistyped characters a name is another name. */
const MAX_TYPOS = 3;
/** Longer names are no slips of the pen; comparing them would only cost time. */
const MAX_NAME_CHARACTERS = 64;

/**
 * The known name that was probably meant: the same but for case, `_`, `-` and spaces, or else the one with the
 * fewest mistyped characters, at most a third of its length.
 *
 * @example nearestName('syncKey', ['sync_key', 'mode']) // 'sync_key'
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_NAME_CHARACTERS) return undefined;
  const wanted = plain(name);
  let nearest: string | undefined;
  let fewest = MAX_TYPOS + 1;
  for (const candidate of known) {
    const typos = distance(wanted, plain(candidate));
    if (typos < fewest && typos * 3 <= candidate.length) {
      nearest = candidate;
      fewest = typos;
    }
  }
  return nearest;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s-]/g, '');
}
