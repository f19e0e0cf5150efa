import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';
import type { Send } from '../http/answer.ts';
import { memoized } from '../records/memoized.ts';
import { type TraitType, traitType } from './trait-type.ts';

/** The most traits read of one object: no workspace has as many, and a broken answer must not fill memory. */
const MAX_TRAITS = 10_000;

/** The most options read of one trait. */
const MAX_OPTIONS = 10_000;

/** A trait that Vitally knows, whether it was defined or came with a record. */
export interface KnownTrait {
  /** Its key among a record's traits, e.g. `vitally.custom.seats`. */
  readonly path: string;
  /** Its name on Vitally's screens. */
  readonly label: string;
  readonly type: TraitType;
  /** What a select takes; empty for other types. */
  readonly options: readonly TraitOption[];
}

export interface TraitOption {
  readonly label: string;
  /** What is written for it. */
  readonly value: JsonValue;
}

/**
 * The traits that Vitally knows of its objects, read once a model: a bare array, without pages (vitally-api.md,
 * "Traits").
 */
export class KnownTraits {
  readonly #send: Send;
  readonly #known = new Map<string, Promise<readonly KnownTrait[]>>();

  constructor(send: Send) {
    this.#send = send;
  }

  /**
   * The traits of a model such as `accounts`; of `customObjects`, the traits of the one with this id of Vitally's. An
   * answer that is no list gives none.
   */
  async of(model: string, customObjectId?: string): Promise<readonly KnownTrait[]> {
    const query = new URLSearchParams({ model, ...(customObjectId !== undefined && { customObjectId }) });
    const path = `/resources/customFields?${query}`;
    return await memoized(this.#known, path, async () => {
      const answer = await this.#send({ method: 'GET', path });
      return answer.kind === 'ok' && Array.isArray(answer.body) ? traitsOf(answer.body) : [];
    });
  }
}

/** The traits of a list; of two with the same path, the first. */
function traitsOf(list: readonly JsonValue[]): readonly KnownTrait[] {
  const traits = new Map<string, KnownTrait>();
  for (const item of list.slice(0, MAX_TRAITS)) {
    const trait = isJsonObject(item) ? traitOf(item) : undefined;
    if (trait !== undefined && !traits.has(trait.path)) traits.set(trait.path, trait);
  }
  return [...traits.values()];
}

function traitOf(item: JsonObject): KnownTrait | undefined {
  const path = own(item, 'path');
  const label = own(item, 'label');
  if (typeof path !== 'string' || path === '') return undefined;
  const options = own(item, 'options');
  return {
    path,
    label: typeof label === 'string' ? label : '',
    type: traitType(own(item, 'type')),
    options: Array.isArray(options) ? options.slice(0, MAX_OPTIONS).flatMap(optionOf) : [],
  };
}

/** An option has a label and a value, or is its value alone. */
function optionOf(item: JsonValue): TraitOption[] {
  if (!isJsonObject(item)) return isScalar(item) ? [{ label: textOf(item), value: item }] : [];
  const label = own(item, 'label') ?? null;
  const value = own(item, 'value') ?? label;
  return isScalar(value) ? [{ label: isScalar(label) ? textOf(label) : textOf(value), value }] : [];
}

function isScalar(value: JsonValue): boolean {
  return value !== null && (typeof value !== 'object' || isRawNumber(value));
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
