import { readFileSync, writeFileSync } from 'node:fs';
import { editorSchema } from './editor-schema.ts';
import { TABLES, withTable } from './tables.ts';

/** Writes the tables of the documentation and config.schema.json anew: `npm run docs`. */
for (const { page, name, table } of TABLES) {
  const path = new URL(`../../${page}`, import.meta.url);
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), name, table()));
}

writeFileSync(new URL('../../config.schema.json', import.meta.url), editorSchema());
