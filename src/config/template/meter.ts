import { type Context, Drop, type Emitter, toValue } from 'liquidjs';

/**
 * What one rendering may take: a character that is read or written counts 1, a piece of the template {@link PIECE}, an
 * item of a list {@link ITEM}. The count is the same in every run, unlike a clock, so that a row fares the same in the
 * next one.
 */
export const MAX_WORK = 4_000_000;

/** The most characters that a template may make of a row. */
export const MAX_RESULT_CHARACTERS = 1_000_000;

/** For what the count misjudges: rendering that takes longer fails at its next piece, filter or comparison. */
export const MAX_RENDER_MS = 500;

/** A text, an output or a tag that is rendered once. */
export const PIECE = 100;
export const ITEM = 100;

/** Lists in lists, as templates can build them, are followed so deep. */
const MAX_DEPTH = 100;

/** Searching takes the product of text and pattern at worst; so many comparisons count as one character. */
const COMPARISONS_OF_A_CHARACTER = 64;

/** @throws AssertionError (liquidjs) once the rendering has taken more than it may */
export function charge({ memoryLimit, renderLimit }: Context, work: number): void {
  memoryLimit.use(work);
  renderLimit.check(performance.now());
}

/** How much work it is to read a value whole; more than {@link MAX_WORK} where that much was found before its end. */
export function weightOf(value: unknown): number {
  let weight = 0;
  const add = (part: unknown, depth: number): void => {
    weight += typeof part === 'string' ? part.length + 1 : 1;
    if (typeof part !== 'object' || part === null || part instanceof Drop || weight > MAX_WORK) return;
    if (depth === MAX_DEPTH) weight = Number.POSITIVE_INFINITY;
    else if (Array.isArray(part)) {
      for (let index = 0; index < part.length && weight <= MAX_WORK; index++) {
        weight += ITEM;
        add(part[index], depth + 1);
      }
    } else {
      for (const [name, member] of Object.entries(part)) {
        weight += ITEM + name.length;
        add(member, depth + 1);
      }
    }
  };
  add(toValue(value), 0);
  return weight;
}

/** The work of looking for one text of this weight in another. */
export function searchWork(text: number, pattern: number): number {
  return (text * pattern) / COMPARISONS_OF_A_CHARACTER;
}

/** Gathers what a template writes. Lists are written item after item, as Liquid does; an object as its JSON text. */
export class MeteredEmitter implements Emitter {
  readonly #context: Context;
  buffer = '';

  constructor(context: Context) {
    this.#context = context;
  }

  write(value: unknown): void {
    const written = toValue(value);
    if (typeof written !== 'string') charge(this.#context, weightOf(written));
    const text = textOf(written);
    charge(this.#context, text.length);
    this.buffer += text;
  }
}

function textOf(value: unknown): string {
  const written = toValue(value);
  if (written === undefined || written === null) return '';
  if (Array.isArray(written)) return written.map(textOf).join('');
  return typeof written === 'object' ? JSON.stringify(written) : String(written);
}
