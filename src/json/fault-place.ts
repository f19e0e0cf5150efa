import { type JSONPath, printParseErrorCode, visit } from 'jsonc-parser';
import type { JsonValue } from './json.ts';

/**
 * What a text does where it stops being JSON. `word`: it has a word of another language for a value. `more`: a whole
 * document ended before. `cut`: the text ends too soon.
 */
export type FaultKind = 'word' | 'more' | 'cut' | 'control-character' | 'other';

export interface FaultPlace {
  readonly kind: FaultKind;
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  /** As it is written, e.g. `NaN`: one of the few that {@link FOREIGN_WORDS} lists, so that it may be shown. */
  readonly word: string | undefined;
  /** Names that lead to the value at fault. Everything before the fault is sound, so that they are true. */
  readonly path: JSONPath;
}

/** Values of one text by their place. */
export interface Glance {
  /** `undefined` for JSON, and for a text nested too deeply to be looked through. */
  readonly fault: FaultPlace | undefined;
  /** The scalars that were asked for and are in the sound part. Its keys are paths, joined by `.`. */
  readonly values: ReadonlyMap<string, JsonValue>;
}

/** What JavaScript, Python and C write where JSON has no word. */
const FOREIGN_WORDS = /[-+]?(?:NaN|Inf(?:inity)?|undefined|None|True|False)(?=[ \t\r\n]*[,}\]])/iy;
/** Each is looked past, since what comes after it is sound. */
const MAX_FOREIGN_WORDS = 100;

/**
 * Looks into a text that may not be JSON: where it stops being so, and the scalars at some places before that.
 * A NaN is the first fault, but no end of what can be read.
 *
 * @param wanted paths joined by `.`, e.g. `record.stream`
 */
export function glance(text: string, wanted: ReadonlySet<string>): Glance {
  let seen = visited(text, wanted);
  const first = seen.fault;
  let mended = text;
  for (let passed = 0; seen.fault?.word !== undefined && passed < MAX_FOREIGN_WORDS; passed++) {
    const { offset, word } = seen.fault;
    mended = `${mended.slice(0, offset)}0${mended.slice(offset + word.length)}`;
    seen = visited(mended, wanted);
  }
  return { fault: first, values: seen.values };
}

function visited(text: string, wanted: ReadonlySet<string>): Glance {
  const values = new Map<string, JsonValue>();
  let path: JSONPath = [];
  let fault: FaultPlace | undefined;
  let depth = 0;
  let ended = false;
  const close = (): void => {
    depth--;
    ended = depth === 0;
  };
  const open = (): void => {
    depth++;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: open,
        onArrayBegin: open,
        onObjectEnd: close,
        onArrayEnd: close,
        onObjectProperty: (name, _offset, _length, _line, _character, parent) => {
          if (fault === undefined) path = [...parent(), name];
        },
        onLiteralValue: (value: JsonValue, _offset, _length, _line, _character, at) => {
          const name = fault === undefined && depth > 0 ? at().join('.') : '';
          if (wanted.has(name)) values.set(name, value);
        },
        onError: (error, offset) => {
          const code = printParseErrorCode(error);
          // The visitor ends an object that lacks its brace before it says so.
          const isAfter = ended && !code.startsWith('Close');
          fault ??= faultAt(text, code, offset, isAfter ? [] : path, isAfter);
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    // The visitor calls itself for each level of nesting.
    if (!(error instanceof RangeError)) throw error;
  }
  return { fault, values };
}

function faultAt(text: string, code: string, offset: number, path: JSONPath, ended: boolean): FaultPlace {
  const word = wordAt(text, offset) ?? wordAt(text, offset - 1);
  // A name that lacks its colon may be a value that lost its quotes: that it is a name is not certain.
  const sound = code === 'ColonExpected' ? path.slice(0, -1) : path;
  return {
    kind: collectionOf(text, code, offset, word, ended),
    offset: word?.offset ?? offset,
    word: word?.text,
    path: sound,
  };
}

/** The scanner may take the sign of a word for one of its own. */
function wordAt(
  text: string,
  offset: number,
): { readonly text: string; readonly offset: number } | undefined {
  FOREIGN_WORDS.lastIndex = Math.max(offset, 0);
  const [word] = FOREIGN_WORDS.exec(text) ?? [];
  return word === undefined ? undefined : { text: word, offset: Math.max(offset, 0) };
}

function collectionOf(
  text: string,
  code: string,
  offset: number,
  word: object | undefined,
  ended: boolean,
): FaultKind {
  if (ended || code === 'EndOfFileExpected') return 'more';
  if (word !== undefined) return 'word';
  if (code === 'InvalidCharacter') return 'control-character';
  const isAtEnd = /^[ \t\r\n]*$/.test(text.slice(offset));
  return code === 'UnexpectedEndOfString' || isAtEnd ? 'cut' : 'other';
}
