import { resolve } from 'node:path';
import { readJsonFile } from '../../config/read-json-file.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { positionsOf } from '../../json/position-of.ts';
import { repeatedNames } from '../../json/repeated-names.ts';
import { type JsonValue, parseSeed, type SeedFault } from '../../sandbox/index.ts';

/** So many faults are told one by one: a file with more of them was written by a program. */
const MAX_TOLD = 50;

export interface SeedFile {
  readonly text: string;
  readonly content: JsonValue;
}

/** @throws ConfigError where the file can't be read, is not JSON, or says one thing twice */
export async function readSeed(path: string, cwd: string): Promise<SeedFile> {
  const { text } = await readJsonFile(resolve(cwd, path), 'seed');
  const [twice] = repeatedNames(text, 1);
  if (twice !== undefined)
    throw new ConfigError(`${path}: ${twice} is there twice, and one would be lost; join the two`);
  return { text, content: parseSeed(text) };
}

/** The faults of a seed, one a line, each with its place in the file. */
export function seedFaultLines(path: string, text: string, faults: readonly SeedFault[]): string {
  const told = faults.slice(0, MAX_TOLD);
  const positions = positionsOf(
    text,
    told.map((fault) => [...fault.path]),
  );
  const lines = told.map(({ path: place, problem, fix }, index) => {
    const position = positions[index];
    const where = position === undefined ? path : `${path}:${position.line}:${position.column}`;
    return `  ${where} /${place.join('/')}: ${problem}; ${fix}\n`;
  });
  const more = faults.length - told.length;
  return lines.join('') + (more > 0 ? `  and ${more} more\n` : '');
}
