import { readFileSync } from 'node:fs';

/** The body of the SPEC message, as the program reads it. */
export const spec: unknown = JSON.parse(readFileSync(new URL('../../spec.json', import.meta.url), 'utf8'));
