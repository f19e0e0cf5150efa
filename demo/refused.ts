import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of rejected records: one line a record. */
export interface RejectedFile {
  readonly path: string;
  readonly lines: readonly string[];
}

/** Refusals of one code, with the first one's reason and remedy. */
export interface Refusals {
  readonly code: string;
  readonly count: number;
  readonly stream: string;
  readonly message: string;
  readonly fix: string;
}

/** The files that a run left, in the order of their names. */
export function rejectedFiles(directory: string): RejectedFile[] {
  return readdirSync(directory)
    .sort()
    .map((name) => {
      const path = join(directory, name);
      return {
        path,
        lines: readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      };
    });
}

/** What was refused and why, the most frequent code first. */
export function refusalsByCode(files: readonly RejectedFile[]): Refusals[] {
  const byCode = new Map<string, Refusals>();
  for (const line of files.flatMap((file) => file.lines)) {
    const { code, stream, message, fix } = JSON.parse(line).rejection;
    const before = byCode.get(code);
    byCode.set(
      code,
      before === undefined
        ? { code, count: 1, stream, message, fix }
        : { ...before, count: before.count + 1 },
    );
  }
  return [...byCode.values()].sort(
    (one, other) => other.count - one.count || one.code.localeCompare(other.code),
  );
}
