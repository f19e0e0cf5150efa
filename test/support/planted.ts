import { expect } from 'vitest';
import { catalogOf, record, state } from './messages.ts';
import type { Output } from './output.ts';

export const REST_TOKEN = 'sk_live_PlantedRestSecret';
export const ANALYTICS_TOKEN = 'PlantedAnalyticsSecret==';
export const TOKENS = {
  rest_api_token: REST_TOKEN,
  analytics_api_token: ANALYTICS_TOKEN,
};
export const SECRETS = [
  REST_TOKEN,
  ANALYTICS_TOKEN,
  Buffer.from(`${REST_TOKEN}:`).toString('base64'),
  'Planted',
];

/** Values of rows, none of which may leave but into the store: in a name, traits, lists, dates and addresses. */
const MARKERS = ['Quixotrope', 'Žluťoučký', 'zebrafinch', 'Wombatine', 'mirabelle', 'Tetrachord', 'gossamer'];

export function planted(id: string, more: object = {}): object {
  return {
    id,
    name: 'Quixotrope & "Žluťoučký" Ltd',
    plan: 'Wombatine',
    nested: { deep: ['Tetrachord'] },
    note: 'a zebrafinch <b>said</b>',
    ...more,
  };
}

export const ROWS = [
  ...Array.from({ length: 14 }, (_, id) => record('accounts', planted(`account-${id}`))),
  ...Array.from({ length: 8 }, (_, id) =>
    record('users', planted(`user-${id}`, { email: 'mirabelle@example.com', accountId: `account-${id}` })),
  ),
  record('users', planted('user-with-bad-date', { joinDate: 'gossamer', accountId: 'account-1' })),
  record('users', planted('mirabelle@example.com', { accountId: 'gossamer' })),
  record('users', { ...planted('no-key'), id: { Tetrachord: 'Wombatine' } }),
  'Quixotrope is no message',
  '{"type":"LOG","log":{"level":"INFO","message":"Wombatine',
  state('accounts', 1),
  state('users', 1),
];
export const CATALOG = catalogOf('accounts', 'users');

export function expectSilent(program: Output): void {
  const said = `${program.lines.join('\n')}\n${program.stderr}`.toLowerCase();
  expect([...SECRETS, ...MARKERS].filter((word) => said.includes(word.toLowerCase()))).toEqual([]);
  expect(program.stderr).toBe('');
}
