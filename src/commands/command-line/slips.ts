import { nearestName, plain } from '../../config/schema/nearest-name.ts';
import { COMMANDS, EVERYWHERE } from './command-table.ts';

const MAX_TYPOS = 2;
/** In a name this short a second wrong letter makes another name. */
const SHORT_LETTERS = 4;
const MIN_ABBREVIATION = 3;

/**
 * Why a flag that a command doesn't know must not be ignored: it belongs to another command, or is a slip of one that
 * is known. `undefined` for a flag that a platform may have invented. Contract 1.
 *
 * @param flag as it was written, e.g. `--dryrun`
 */
export function whyNoFlag(flag: string, command: string): string | undefined {
  const name = nameOf(flag);
  const owners = ownersOf(name);
  if (owners !== '' && `--${name}` === flag) return `it is a flag of ${owners}, not of ${command}`;
  const meant = slipOf(name, command);
  if (meant === undefined) return undefined;
  const isOwn = Object.hasOwn(COMMANDS[command]?.flags ?? {}, meant) || EVERYWHERE.includes(meant);
  return isOwn ? `did you mean --${meant}?` : `--${meant} is a flag of ${ownersOf(meant)}, not of ${command}`;
}

function ownersOf(flag: string): string {
  const owners = Object.keys(COMMANDS).filter((command) =>
    Object.hasOwn(COMMANDS[command]?.flags ?? {}, flag),
  );
  return new Intl.ListFormat('en').format(owners);
}

/** The command that was probably meant. */
export function nearestCommand(given: string): string | undefined {
  return nearestName(given, Object.keys(COMMANDS), () => MAX_TYPOS);
}

/** A flag without its dashes, typographic ones too. */
export function nameOf(flag: string): string {
  return flag.replace(/^[\p{Pd}\u2212]+/u, '');
}

function slipOf(name: string, command: string): string | undefined {
  const own = Object.keys(COMMANDS[command]?.flags ?? {});
  const all = Object.values(COMMANDS).flatMap(({ flags }) => Object.keys(flags));
  const known = [...own, ...EVERYWHERE, ...all];
  return nearestName(name, known, mostTypos) ?? abbreviated(name, own);
}

function mostTypos(flag: string): number {
  return plain(flag).length <= SHORT_LETTERS ? 1 : MAX_TYPOS;
}

/** A switch that is cut short must not be ignored: `write --dry` must not write. */
function abbreviated(name: string, own: readonly string[]): string | undefined {
  if (plain(name).length < MIN_ABBREVIATION || !own.includes('dry-run')) return undefined;
  return plain('dry-run').startsWith(plain(name)) ? 'dry-run' : undefined;
}
