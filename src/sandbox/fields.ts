import { Refusal } from './answer.ts';
import { field, isObject, type JsonObject } from './json.ts';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** @throws Refusal (400) that names the field, as do all functions here. */
export function requiredText(body: JsonObject, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined || value === null || value === '') throw new Refusal(400, `${name} is required`);
  return value;
}

export function optionalText(body: JsonObject, name: string): string | null | undefined {
  const value = field(body, name);
  if (value === undefined || value === null || typeof value === 'string') return value;
  throw new Refusal(400, `${name} must be a string`);
}

/** Text that may be left out but not emptied. */
export function keptText(body: JsonObject, name: string): string | undefined {
  return field(body, name) === undefined ? undefined : requiredText(body, name);
}

export function isIsoDate(text: string): boolean {
  return ISO_DATE.test(text) && !Number.isNaN(Date.parse(text));
}

export function optionalDate(body: JsonObject, name: string): string | null | undefined {
  const value = optionalText(body, name);
  if (typeof value === 'string' && !isIsoDate(value))
    throw new Refusal(400, `${name} must be an ISO 8601 date`);
  return value;
}

export function optionalBoolean(body: JsonObject, name: string): boolean | undefined {
  const value = field(body, name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Refusal(400, `${name} must be a boolean`);
}

export function optionalObject(body: JsonObject, name: string): JsonObject | undefined {
  const value = field(body, name);
  if (value === undefined || isObject(value)) return value;
  throw new Refusal(400, `${name} must be an object`);
}

export function optionalTexts(body: JsonObject, name: string): readonly string[] | undefined {
  const value = field(body, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Refusal(400, `${name} must be an array of strings`);
  return value.map((item) => {
    if (typeof item !== 'string') throw new Refusal(400, `${name} must be an array of strings`);
    return item;
  });
}
