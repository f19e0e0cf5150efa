import type { Place } from './words.ts';

/** A record's names as texts. */
export interface Names {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly email: string | undefined;
}

/** A name as bytes: a UUID takes 16. */
interface PackedName {
  readonly bytes: Uint8Array;
  readonly isUuid: boolean;
}

/** Words: how many values, the bytes of the three names beside whether each is a UUID. */
const HEAD_WORDS = 4;
const ABSENT = 0xffff_ffff;
const UUID = 0x8000_0000;
/** A UUID as Vitally writes it; one in capitals is kept as text, so that it comes out as it went in. */
const CANONICAL_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_NAME_CHARACTERS = 4_096;

/** Whether a name can be packed: half a surrogate pair has no bytes, and two such names would become one. */
export function isPackable(name: string | undefined): boolean {
  return name === undefined || (name.length <= MAX_NAME_CHARACTERS && name.isWellFormed());
}

/** Of each value that is not empty: its hash, two words, and the number of its field, 16 bits. */
export interface Fingerprints {
  readonly hashes: readonly number[];
  readonly fields: readonly number[];
}

/** A record as one block of words: head, hashes, numbers of fields two a word, names. */
export function packed(names: Names, { hashes, fields }: Fingerprints): Uint32Array {
  const parts = [names.id, names.externalId, names.email].map(packedName);
  const bytes = parts.reduce((sum, part) => sum + (part?.bytes.length ?? 0), 0);
  const before = HEAD_WORDS + valueWords(fields.length);
  const block = new Uint32Array(before + Math.ceil(bytes / 4));
  block[0] = fields.length;
  block.set(hashes, HEAD_WORDS);
  new Uint16Array(block.buffer).set(fields, (HEAD_WORDS + hashes.length) * 2);
  const text = new Uint8Array(block.buffer);
  let at = before * 4;
  for (const [index, part] of parts.entries()) {
    block[index + 1] = part === undefined ? ABSENT : part.bytes.length + (part.isUuid ? UUID : 0);
    if (part === undefined) continue;
    text.set(part.bytes, at);
    at += part.bytes.length;
  }
  return block;
}

/** How many words a packed record takes. */
export function wordsOf({ words, at }: Place): number {
  let bytes = 0;
  for (let index = 1; index < HEAD_WORDS; index++) bytes += lengthOf(words[at + index] ?? ABSENT);
  return HEAD_WORDS + valueWords(valuesOf({ words, at })) + Math.ceil(bytes / 4);
}

export function namesOf(place: Place): Names {
  const { words, at } = place;
  let from = words.byteOffset + (at + HEAD_WORDS + valueWords(valuesOf(place))) * 4;
  const names = [1, 2, 3].map((index) => {
    const head = words[at + index] ?? ABSENT;
    if (head === ABSENT) return undefined;
    const bytes = Buffer.from(words.buffer as ArrayBuffer, from, lengthOf(head));
    from += bytes.length;
    return head >= UUID ? uuidOf(bytes.toString('hex')) : bytes.toString('utf8');
  });
  return { id: names[0] ?? '', externalId: names[1], email: names[2] };
}

/** The value of a field by its number: whether the record has it, and whether it is this one. */
export function valueIn(place: Place, field: number, low: number, high: number): 'none' | 'same' | 'other' {
  const { words, at } = place;
  const values = valuesOf(place);
  const fields = at + HEAD_WORDS + values * 2;
  let found: 'none' | 'other' = 'none';
  for (let value = 0; value < values; value++) {
    const pair = words[fields + (value >>> 1)] ?? 0;
    if (((value & 1) === 0 ? pair & 0xffff : pair >>> 16) !== field) continue;
    const hash = at + HEAD_WORDS + value * 2;
    if (words[hash] === low && words[hash + 1] === high) return 'same';
    found = 'other';
  }
  return found;
}

function valueWords(values: number): number {
  return values * 2 + Math.ceil(values / 2);
}

function valuesOf({ words, at }: Place): number {
  return words[at] ?? 0;
}

function lengthOf(head: number): number {
  return head === ABSENT ? 0 : head % UUID;
}

function packedName(name: string | undefined): PackedName | undefined {
  if (name === undefined) return undefined;
  if (CANONICAL_UUID.test(name)) return { bytes: Buffer.from(name.replaceAll('-', ''), 'hex'), isUuid: true };
  return { bytes: Buffer.from(name, 'utf8'), isUuid: false };
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
