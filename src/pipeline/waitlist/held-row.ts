import { isJsonObject } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import { parseLossless } from '../../json/parse.ts';
import type { Write } from '../../mapping/route.ts';

/** What of a row lies in a file while the row waits: its line as it came, and what it was mapped to. */
export interface RowContent {
  readonly raw: string;
  readonly write: Write;
}

/**
 * The mapped row is kept beside its line: to map it again later could give something else, since a mapping learns from
 * the rows before it.
 */
export function writeContent({ raw, write }: RowContent): string {
  const { key, fields, traits, ...rest } = write;
  return JSON.stringify({ ...rest, raw, key, fields: [...fields], traits: [...traits] });
}

export function readContent(text: string): RowContent {
  const value = parseLossless(text);
  if (!isJsonObject(value)) throw new Error('what was kept of a waiting row is no object');
  const { raw, key, fields, traits, ...rest } = value;
  const write = {
    ...rest,
    key: typeof key === 'string' ? key : undefined,
    fields: new Map(fields as unknown as [string, JsonValue][]),
    traits: new Map(traits as unknown as [string, JsonValue][]),
  };
  return { raw: String(raw), write };
}
