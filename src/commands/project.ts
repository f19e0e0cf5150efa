import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** `spec.json`: the body of the SPEC message, and the schema that configs are held against. */
export function readSpec(): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL('spec.json', ROOT), 'utf8'));
}

/** This program's version, as `package.json` has it. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')).version;
}
