/** What a text hashes to: two words of 32 bits, the same object at every call, since millions are made. */
export interface Hash {
  low: number;
  high: number;
}

/** A key that no one outside this run knows. */
export function randomKey(): readonly [number, number] {
  const [first = 0, second = 0] = crypto.getRandomValues(new Uint32Array(2));
  return [first, second];
}

/**
 * HalfSipHash-2-4 with 64 bits over a text's UTF-16 units (little endian). It has a key, so that values can't be chosen
 * to collide, and it needs 32-bit words alone, which JavaScript has. node:crypto takes ten times as long for a short
 * text, and the packages of SipHash reckon with 64-bit words in pairs over a copy of the text.
 */
export function keyedHash(key: readonly [number, number]): (text: string) => Readonly<Hash> {
  const hash: Hash = { low: 0, high: 0 };
  const state = new Int32Array(4);
  return (text) => {
    begin(state, key);
    const whole = text.length & ~1;
    for (let at = 0; at < whole; at += 2)
      absorb(state, text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    const last = whole < text.length ? text.charCodeAt(whole) : 0;
    absorb(state, last | ((text.length * 2) << 24));
    state[2] = word(state, 2) ^ 0xee;
    mix(state, 4);
    hash.low = (word(state, 1) ^ word(state, 3)) >>> 0;
    state[1] = word(state, 1) ^ 0xdd;
    mix(state, 4);
    hash.high = (word(state, 1) ^ word(state, 3)) >>> 0;
    return hash;
  };
}

function begin(state: Int32Array, [first, second]: readonly [number, number]): void {
  state[0] = first;
  state[1] = second ^ 0xee;
  state[2] = 0x6c796765 ^ first;
  state[3] = 0x74656462 ^ second;
}

function absorb(state: Int32Array, block: number): void {
  state[3] = word(state, 3) ^ block;
  mix(state, 2);
  state[0] = word(state, 0) ^ block;
}

function mix(state: Int32Array, rounds: number): void {
  let [v0, v1, v2, v3] = [word(state, 0), word(state, 1), word(state, 2), word(state, 3)];
  for (let round = 0; round < rounds; round++) {
    v0 = (v0 + v1) | 0;
    v1 = rotated(v1, 5) ^ v0;
    v0 = rotated(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotated(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotated(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotated(v1, 13) ^ v2;
    v2 = rotated(v2, 16);
  }
  state[0] = v0;
  state[1] = v1;
  state[2] = v2;
  state[3] = v3;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function word(state: Int32Array, at: number): number {
  return state[at] ?? 0;
}
