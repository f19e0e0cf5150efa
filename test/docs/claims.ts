import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';

/** Checks of what a page says that Vitally holds after a run, by the word that begins the line. */
export const CLAIMS: Readonly<Record<string, (rest: string, sandbox: Sandbox) => void>> = {
  after(rest, sandbox) {
    const { first, second, value } = wordsOf(rest, 2);
    expect(held(sandbox, first, second), rest).toMatchObject(Object(value));
  },
  without(rest, sandbox) {
    const { first, second, value } = wordsOf(rest, 2, String);
    const record = held(sandbox, first, second);
    expect(record, rest).toBeDefined();
    expect(JSON.stringify(record), rest).not.toContain(value);
  },
  gone(rest, sandbox) {
    const { first, second } = wordsOf(rest, 2);
    expect(held(sandbox, first, second), rest).toBeUndefined();
  },
  archived(rest, sandbox) {
    const { first, second } = wordsOf(rest, 2);
    expect(held(sandbox, first, second), rest).toMatchObject({ archivedAt: expect.any(String) });
  },
  event(rest, sandbox) {
    const { properties, ...event } = Object(JSON.parse(rest));
    const told = properties === undefined ? {} : { properties: expect.objectContaining(properties) };
    expect(sandbox.events(), rest).toContainEqual(expect.objectContaining({ ...event, ...told }));
  },
  events(rest, sandbox) {
    expect(sandbox.events()).toHaveLength(Number(rest));
  },
};

/** The first words of a line, and the JSON behind them. */
export function wordsOf(rest: string, count: number, read: (text: string) => unknown = JSON.parse) {
  const parts = rest.split(/\s+/);
  const value = parts.slice(count).join(' ');
  return { first: parts[0] ?? '', second: parts[1] ?? '', value: value === '' ? {} : read(value) };
}

function held(sandbox: Sandbox, kind: string, externalId: string): unknown {
  const isPlace = kind === 'organizations' || kind === 'accounts' || kind === 'users';
  return (isPlace ? sandbox[kind] : sandbox.items(kind)).byExternalId(externalId);
}
