import {
  type Context,
  evalTokenValue,
  type RangeToken,
  Tokenizer,
  TokenKind,
  TypeGuards,
  toValueSync,
} from 'liquidjs';
import { charge, ITEM } from './meter.ts';

/** Beyond this many digits a text is no end of a range that could be counted through. */
const MAX_END_CHARACTERS = 20;

/**
 * liquidjs counts through `(a..b)` before anybody asks whether that ends, and beyond 2^53, where adding one changes
 * nothing, it never does. So every range that is read, from the template or by a filter, becomes a value that is
 * evaluated here.
 */
export function boundRanges(): void {
  const { readValue } = Tokenizer.prototype;
  Tokenizer.prototype.readValue = function () {
    const token = readValue.call(this);
    if (TypeGuards.isRangeToken(token)) bound(token);
    else if (TypeGuards.isPropertyAccessToken(token) && TypeGuards.isRangeToken(token.variable)) {
      bound(token.variable);
    }
    return token;
  };
}

/** Makes a filtered value, without filters, of the token: `postfix` is what an analysis of the template reads. */
function bound(token: RangeToken): void {
  const { lhs, rhs } = token;
  Object.assign(token, {
    kind: TokenKind.FilteredValue,
    filters: [],
    initial: {
      postfix: [lhs, rhs],
      *evaluate(context: Context): Generator<unknown, number[]> {
        const first = endOf(toValueSync(evalTokenValue(lhs, context)));
        const last = endOf(toValueSync(evalTokenValue(rhs, context)));
        const count = Math.max(last - first + 1, 0);
        charge(context, count * ITEM);
        return Array.from({ length: count }, (_, index) => first + index);
      },
    },
  });
}

function endOf(value: unknown): number {
  const isText = typeof value === 'string' && value.length <= MAX_END_CHARACTERS;
  const end = typeof value === 'number' || isText ? Math.trunc(Number(value)) : 0;
  if (!Number.isSafeInteger(end)) throw new Error('the end of a range is no whole number');
  return end;
}
