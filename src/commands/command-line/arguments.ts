import { COMMANDS, EVERYWHERE } from './command-table.ts';
import { nameOf, whyNoFlag } from './slips.ts';

/** What the arguments ask for. `refused` ends with exit 2 and has touched nothing. */
export type Asked =
  | { readonly kind: 'help'; readonly command: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'no-command'; readonly given: string | undefined }
  | { readonly kind: 'refused'; readonly command: string; readonly problem: string }
  | ({ readonly kind: 'command'; readonly command: string } & Given);

export interface Given {
  /** Values of the command's flags, by name; a switch is `true` or `false`. */
  readonly values: ReadonlyMap<string, string | boolean>;
  /** Arguments that are no flags, of a command that takes files. */
  readonly files: readonly string[];
  /** Flags that no command knows, as written. */
  readonly unknown: readonly string[];
}

interface FlagWord {
  /** As written, without a value. */
  readonly flag: string;
  /** The text after `=`, or the next word where that is the flag's value. */
  readonly value: string | undefined;
}

interface Words {
  readonly command: string | undefined;
  readonly flags: readonly FlagWord[];
  /** Arguments that are neither a command, nor a flag, nor a value of one. */
  readonly strays: readonly string[];
}

const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);
/** Some editors make a typographic dash of two hyphens. A number below zero is a value and not a flag. */
const FLAG = /^(?:-(?=[^-\d])|--(?=.)|(?:[^\P{Pd}-]|\u2212)+[\p{Pd}\u2212]*(?=.))/u;
const FLAGS_END = '--';
/** The argument that stands for stdin. */
export const STDIN = '-';
const MAX_SHOWN_CHARACTERS = 60;
/** A long word without the characters of paths and flags, or one that begins as a token does. */
const TOKEN_LIKE = /^[^-./\\][^./\\]{19,}$|sk_live_|^basic\b/i;

/**
 * Reads the arguments of the process; a pure function, and strict where a slip would write what was not meant to be
 * written. Contract 1.
 *
 * yargs writes the help, but it can't read these arguments:
 * - Platforms add flags, which must be ignored with a warning, while a slip of a known flag must be refused. yargs
 *   refuses every unknown flag (`strictOptions`) or none, and recommends commands only, and by their case.
 * - `--novel spec` is an unknown flag before a command, `--novel x spec` one with a value: yargs takes `spec` for the
 *   value in the first.
 * - A switch takes `yes`, `on` and `1` for its value, and refuses another word behind it: yargs takes `true` and `false`.
 * - `–dry-run` with a dash that an editor made, and `-` as the name of a file, are a stray word and a flag to yargs.
 */
export function readArguments(args: readonly string[]): Asked {
  // Airbyte's platform joins commands with blanks, which leaves empty words.
  const { command, flags, strays } = readWords(args.filter((word) => word !== ''));
  const asks = (name: string): boolean => flags.some(({ flag }) => flag === `--${name}`);
  const isCommand = command !== undefined && Object.hasOwn(COMMANDS, command);
  if (command !== undefined && !isCommand) return { kind: 'no-command', given: command };
  if (asks('help')) return { kind: 'help', command };
  if (asks('version')) return { kind: 'version' };
  if (command === undefined) return { kind: 'no-command', given: undefined };
  const problem = problemOf(command, flags, strays);
  if (problem !== undefined) return { kind: 'refused', command, problem };
  const known = flags.filter(({ flag }) => isFlagOf(command, flag));
  return {
    kind: 'command',
    command,
    values: new Map(known.map((word) => [nameOf(word.flag), settled(command, word, known)])),
    files: strays,
    unknown: [...new Set(flags.map(({ flag }) => flag))]
      .filter((flag) => !isFlagOf(command, flag))
      .map(shown),
  };
}

function readWords(words: readonly string[]): Words {
  const flags: FlagWord[] = [];
  const strays: string[] = [];
  let command: string | undefined;
  let allFlags = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!allFlags && word === FLAGS_END) allFlags = true;
    else if (!allFlags && FLAG.test(word)) {
      const next = words[at + 1];
      const [flag = '', ...rest] = word.split('=');
      const takesNext = rest.length === 0 && next !== undefined && takes(flag, next, command !== undefined);
      if (takesNext) at++;
      flags.push({ flag, value: takesNext ? next : rest.length > 0 ? rest.join('=') : undefined });
    } else if (command === undefined) command = word;
    else if (isList(flags.at(-1)?.flag) && !allFlags)
      flags.push({ flag: flags.at(-1)?.flag ?? '', value: word });
    else strays.push(word);
  }
  return { command, flags, strays };
}

/** Whether the next word is a flag's value. An unknown flag takes the next word, unless that is the command. */
function takes(flag: string, next: string, hasCommand: boolean): boolean {
  if (FLAG.test(next) || next === FLAGS_END) return false;
  const name = nameOf(flag);
  if (EVERYWHERE.includes(name)) return false;
  const meaning = Object.values(COMMANDS).find(({ flags }) => Object.hasOwn(flags, name))?.flags[name];
  if (meaning?.type === 'boolean') return SWITCH_WORDS.has(next.toLowerCase());
  return meaning !== undefined || hasCommand || !Object.hasOwn(COMMANDS, next);
}

/** Whether a flag takes several values: it may be given again, and more words may follow it. */
function isList(flag: string | undefined): boolean {
  if (flag === undefined) return false;
  return Object.values(COMMANDS).some(({ flags }) => flags[nameOf(flag)]?.type === 'array');
}

function isFlagOf(command: string, flag: string): boolean {
  return flag.startsWith('--') && Object.hasOwn(COMMANDS[command]?.flags ?? {}, flag.slice(2));
}

function settled(command: string, { flag, value }: FlagWord, words: readonly FlagWord[]): string | boolean {
  if (isList(flag)) {
    const all = words.filter((word) => word.flag === flag);
    return all.map((word) => word.value ?? '').join(',');
  }
  const isSwitch = COMMANDS[command]?.flags[nameOf(flag)]?.type === 'boolean';
  return isSwitch ? switchOf(value) === true : (value ?? '');
}

/** `undefined` for a word that no switch takes. */
function switchOf(value: string | undefined): boolean | undefined {
  return value === undefined ? true : SWITCH_WORDS.get(value.toLowerCase());
}

function problemOf(
  command: string,
  flags: readonly FlagWord[],
  strays: readonly string[],
): string | undefined {
  for (const { flag } of flags) {
    if (isFlagOf(command, flag)) continue;
    const why = whyNoFlag(flag, command);
    if (why !== undefined) return `${command} has no flag ${shown(flag)}: ${why}`;
    // A platform never writes a typographic dash, so this is a slip.
    if (!flag.startsWith('-')) return `${shown(flag)} is no flag: flags begin with two hyphens`;
  }
  const takesFiles = COMMANDS[command]?.files !== undefined;
  const [stray] = strays;
  if (stray !== undefined && !takesFiles) return strayProblem(command, stray);
  if (takesFiles && stray === undefined) return `${command} needs a file, or - for stdin`;
  if (strays.filter((file) => file === STDIN).length > 1) return '- stands for stdin, and is given twice';
  return (
    valueProblem(command, flags) ??
    (command === 'write' || command === 'load' ? runProblem(flags) : undefined)
  );
}

/** A flag whose value is none of those that it takes. */
function valueProblem(command: string, words: readonly FlagWord[]): string | undefined {
  for (const { flag, value } of words) {
    if (!isFlagOf(command, flag) || command === 'sandbox') continue;
    const meaning = COMMANDS[command]?.flags[nameOf(flag)];
    const choices = meaning?.choices?.map(String);
    if (choices !== undefined && !choices.includes(value ?? ''))
      return `${flag} takes ${choices.join(' or ')}, as in ${flag} ${choices[0]}`;
    if (meaning?.type === 'number' && !/^[1-9]\d{0,14}$/.test(value ?? ''))
      return `${flag} takes a number from 1 on, as in ${flag} 100`;
    if (nameOf(flag) === 'stream' && (value ?? '') === '')
      return `${flag} needs the name of a stream, as in ${flag} accounts`;
  }
  return undefined;
}

function strayProblem(command: string, stray: string): string {
  const rows = 'rows come on stdin, or from files through the command load';
  return command === 'write'
    ? `write takes no argument ${shown(stray)}: ${rows}`
    : `${command} takes no argument ${shown(stray)} (${rows})`;
}

function has(flags: readonly FlagWord[], name: string): boolean {
  return flags.some(({ flag }) => flag === `--${name}`);
}

function switchesOf(flags: readonly FlagWord[], name: string): (boolean | undefined)[] {
  return flags.filter(({ flag }) => flag === `--${name}`).map(({ value }) => switchOf(value));
}

function runProblem(flags: readonly FlagWord[]): string | undefined {
  const dryRuns = switchesOf(flags, 'dry-run');
  if (dryRuns.includes(undefined))
    return '--dry-run is on alone or with true, 1, yes or on, and off with false, 0, no or off; it takes no other value';
  if (new Set(dryRuns).size > 1) return '--dry-run is given twice, once on and once off';
  for (const name of ['plan', 'summary']) {
    const given = flags.filter(({ flag }) => flag === `--${name}`);
    if (given.some(({ value }) => value === undefined || value === ''))
      return `--${name} needs a file, as in --${name} ${name}.json`;
  }
  return has(flags, 'plan') && !dryRuns.includes(true)
    ? '--plan says what a dry run would do: add --dry-run'
    : undefined;
}

/** An argument as a terminal may show it: short, without control characters, and not where it may be a token. */
function shown(word: string): string {
  if (TOKEN_LIKE.test(word)) return `of ${word.length} characters`;
  const visible = word.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return visible.length > MAX_SHOWN_CHARACTERS ? `${visible.slice(0, MAX_SHOWN_CHARACTERS)}…` : visible;
}
