import { ProtocolError } from '../../errors/protocol-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import { AIRBYTE_TYPES } from './parse-message.ts';

/** The first bytes of files that are no UTF-8 text, by their formats' specifications, and what to do about them. */
const SIGNATURES: readonly {
  readonly bytes: readonly number[];
  readonly is: string;
  readonly remedy: string;
}[] = [
  { bytes: [0x1f, 0x8b], is: 'compressed by gzip', remedy: 'Unpack it on the way: gunzip -c FILE' },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    is: 'compressed by zstd',
    remedy: 'Unpack it on the way: zstdcat FILE',
  },
  { bytes: [0x42, 0x5a, 0x68], is: 'compressed by bzip2', remedy: 'Unpack it on the way: bzcat FILE' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58], is: 'compressed by xz', remedy: 'Unpack it on the way: xzcat FILE' },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    is: 'a ZIP file or a workbook of Excel',
    remedy: 'Unpack it, or save the sheet as CSV.',
  },
  {
    bytes: [0x50, 0x41, 0x52, 0x31],
    is: 'a Parquet file',
    remedy: 'Read it with a source that knows Parquet.',
  },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], is: 'an Avro file', remedy: 'Read it with a source that knows Avro.' },
  {
    bytes: [0xff, 0xfe, 0x00, 0x00],
    is: 'text in UTF-32',
    remedy: 'Write it as UTF-8: iconv -f UTF-32 -t UTF-8 FILE',
  },
  {
    bytes: [0x00, 0x00, 0xfe, 0xff],
    is: 'text in UTF-32',
    remedy: 'Write it as UTF-8: iconv -f UTF-32 -t UTF-8 FILE',
  },
  {
    bytes: [0xff, 0xfe],
    is: 'text in UTF-16',
    remedy: 'Write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE',
  },
  {
    bytes: [0xfe, 0xff],
    is: 'text in UTF-16',
    remedy: 'Write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE',
  },
];

const UTF16_LITTLE_ENDIAN = {
  is: 'text in UTF-16',
  remedy: 'Write it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE',
};
const UTF16_BIG_ENDIAN = {
  is: 'text in UTF-16',
  remedy: 'Write it as UTF-8: iconv -f UTF-16BE -t UTF-8 FILE',
};

const SINGER_TYPES: ReadonlySet<string> = new Set(['SCHEMA', 'ACTIVATE_VERSION', 'BATCH']);
const DELIMITERS = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;
const AS_RECORDS =
  'Wrap each row as {"type":"RECORD","record":{"stream":"NAME","data":{…},"emitted_at":0}}, one a line';

/** Lines that are looked at to tell what the input is. */
export const MAX_SAMPLES = 20;
/** Characters of a line that are looked at. */
export const MAX_SAMPLE_CHARACTERS = 50_000;

/** What a known kind of file that is no text in UTF-8 is, by its first bytes, and what to do about it. */
export function foreignKind(begin: Buffer): { readonly is: string; readonly remedy: string } | undefined {
  const found = SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => begin[index] === byte));
  return found ?? utf16Of(begin);
}

/** The error for an input that begins as a known kind of file that is no text; `undefined` for any other. */
export function foreignFile(firstLine: Buffer): ProtocolError | undefined {
  const kind = foreignKind(firstLine);
  return kind === undefined ? undefined : refused(`The input is ${kind.is}`, kind.remedy);
}

/**
 * The error for an input that had lines and not one Airbyte message: it says what they look like.
 *
 * @param samples the first lines, each perhaps cut
 */
export function noMessages(lines: number, samples: readonly string[]): ProtocolError {
  const count = lines === 1 ? 'The one line' : `Of the ${lines} lines`;
  const none = lines === 1 ? 'of the input is no Airbyte message' : 'of the input none is an Airbyte message';
  const { like, remedy } = likeness(samples);
  return refused(`${count} ${none}: ${lines === 1 ? 'it looks' : 'they look'} like ${like}`, remedy);
}

function refused(what: string, remedy: string): ProtocolError {
  return new ProtocolError(
    `${what}, and write reads Airbyte messages as JSON in UTF-8, one a line. ${remedy}`,
  );
}

/** Without a byte order mark: Latin characters have a zero before or behind them. */
function utf16Of(bytes: Buffer): typeof UTF16_BIG_ENDIAN | undefined {
  const [first, second, third, fourth] = bytes;
  const isFilled = (byte: number | undefined): boolean => byte !== undefined && byte !== 0;
  if (isFilled(first) && second === 0 && isFilled(third) && fourth === 0) return UTF16_LITTLE_ENDIAN;
  if (first === 0 && isFilled(second) && third === 0 && isFilled(fourth)) return UTF16_BIG_ENDIAN;
  return undefined;
}

interface Likeness {
  readonly like: string;
  readonly remedy: string;
}

function likeness(samples: readonly string[]): Likeness {
  const [first = ''] = samples;
  const parsed = samples.map(parsedOrNone);
  const types = parsed.map((value) => (isJsonObject(value) ? own(value, 'type') : undefined));
  if (types.some((type) => typeof type === 'string' && SINGER_TYPES.has(type)))
    return {
      like: 'messages of Singer',
      remedy: 'Use an Airbyte source instead of the Singer tap, or turn its messages into those of Airbyte.',
    };
  if (types.some((type) => typeof type === 'string' && AIRBYTE_TYPES.has(type.trim().toUpperCase())))
    return {
      like: 'messages whose types are not in upper case',
      remedy: 'Write the types as Airbyte does: RECORD, STATE, LOG.',
    };
  const [value] = parsed;
  if (Array.isArray(value) || /^\s*\[/.test(first))
    return { like: 'a JSON array', remedy: `${AS_RECORDS}, without a list around them.` };
  if (isJsonObject(value))
    return {
      like: 'bare JSON, one object a line',
      remedy: `${AS_RECORDS}. Or give the file to the command load.`,
    };
  if (/^\s*\{/.test(first))
    return { like: 'JSON that is spread over lines or cut', remedy: 'Write each message on one line.' };
  if (/^\s*</.test(first))
    return {
      like: 'XML or HTML',
      remedy: 'Look at the address that the rows should come from: something else answers there.',
    };
  const delimiter = delimiterOf(samples);
  if (delimiter !== undefined)
    return {
      like: `CSV, with ${DELIMITERS[delimiter]} between the values`,
      remedy: `Give the file to the command load, which reads CSV. Or else: ${AS_RECORDS}.`,
    };
  return { like: 'plain text, such as a log', remedy: 'Look at what the source writes to its stdout.' };
}

function parsedOrNone(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The delimiter that the first line has, and the second has as often. */
function delimiterOf([header = '', row]: readonly string[]): keyof typeof DELIMITERS | undefined {
  const marks = [',', ';', '\t', '|'] as const;
  const counted = marks.map((mark) => ({ mark, count: header.split(mark).length - 1 }));
  const [best] = counted.sort((one, other) => other.count - one.count);
  if (best === undefined || best.count === 0) return undefined;
  const isTable = row === undefined || row.split(best.mark).length - 1 >= best.count;
  return isTable ? best.mark : undefined;
}
