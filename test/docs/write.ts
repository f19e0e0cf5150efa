import { readFileSync, writeFileSync } from 'node:fs';
import { TABLES, withTable } from './tables.ts';

/** Writes the tables of the documentation anew: `npm run docs`. */
for (const { page, name, table } of TABLES) {
  const path = new URL(`../../${page}`, import.meta.url);
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), name, table()));
}
