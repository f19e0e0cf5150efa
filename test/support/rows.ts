import { expect } from 'vitest';
import type { FieldMapping } from '../../src/config/stream-options.ts';
import { compileTemplate } from '../../src/config/template/template.ts';
import { isJsonObject } from '../../src/json/guards.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { parseLossless } from '../../src/json/parse.ts';
import type { Route, Write } from '../../src/mapping/route.ts';
import { createRowMapper } from '../../src/mapping/row-mapper.ts';
import type { ObjectName } from '../../src/objects/object.ts';
import { routeOf } from './routes.ts';

export interface Case {
  readonly what: string;
  readonly object?: ObjectName;
  readonly route?: Partial<Route>;
  readonly row: string;
  readonly nulled?: readonly string[];
}

/** What a row becomes; `fields` in their order. */
export interface Mapped extends Case {
  readonly key?: string;
  readonly fields?: Record<string, unknown>;
  readonly traits?: Record<string, unknown>;
}

function rowOf(json: string): JsonObject {
  const row = parseLossless(json);
  if (!isJsonObject(row)) throw new Error('a row is an object');
  return row;
}

export function map({ object = 'account', route = {}, row, nulled = [] }: Case): Write {
  return createRowMapper(routeOf(object, route))(rowOf(row), new Set(nulled));
}

export function expectMapped({ key, fields = {}, traits = {}, ...given }: Mapped): void {
  const write = map(given);
  if (key !== undefined) expect(write.key).toBe(key);
  expect([...write.fields]).toEqual(Object.entries(fields));
  expect(Object.fromEntries(write.traits)).toEqual(traits);
}

export const to = (source: string, destination: string) => ({ source, destination });

/** A computed value and where it goes. */
export function computed(text: string, destination: string): FieldMapping {
  const template = compileTemplate(text);
  if ('fault' in template) throw new Error(template.fault);
  return { template, destination };
}
