import { type ParseError, parse } from 'jsonc-parser';

/** 1-based, in UTF-16 code units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a text stops being JSON. `JSON.parse` tells the place only sometimes, and then beside a piece of the text.
 * `undefined` for JSON, and for a text nested too deeply to be looked through.
 */
export function syntaxFaultPosition(text: string): Position | undefined {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const [first] = errors;
  if (first === undefined) return undefined;
  const before = text.slice(0, first.offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
