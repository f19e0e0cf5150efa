import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrubbed } from '../../../src/write/scrub.ts';
import { writeOf } from '../../support/workspace.ts';

const NOTHING: ReadonlySet<string> = new Set();

test.each([
  {
    what: 'a value in quotes',
    text: '"Geheim" is not a valid name',
    row: { name: 'Geheim' },
    clean: '"…" is not a valid name',
  },
  {
    what: 'a value in another case',
    text: 'GEHEIM is invalid',
    row: { name: 'Geheim' },
    clean: '… is invalid',
  },
  {
    what: 'each word of a value',
    text: 'name Anna Geheim taken',
    row: { name: 'Anna Maria Geheim' },
    clean: 'name … … taken',
  },
  {
    what: 'an e-mail',
    text: 'email anna@geheim.io exists',
    row: { email: 'anna@geheim.io' },
    clean: 'email … exists',
  },
  {
    what: 'a part of a value',
    text: 'value gehei… is too long',
    row: { name: 'geheimnis' },
    clean: 'value … is too long',
  },
  {
    what: 'any number',
    text: 'expected at most 255 characters',
    row: {},
    clean: 'expected at most … characters',
  },
  {
    what: 'words of lists and objects',
    text: 'bad: Rot, Blau',
    row: { list: ['rot'], object: { a: { b: 'Blau' } } },
    clean: 'bad: …, …',
  },
  {
    what: 'nothing where the row says nothing',
    text: 'name is required',
    row: { name: null },
    clean: 'name is required',
  },
  { what: 'line breaks', text: 'name\n\n  is\trequired', row: {}, clean: 'name is required' },
  {
    what: 'not the words that answers are made of',
    text: 'the email must be text',
    row: { note: 'the email must be text' },
    clean: 'the email must be text',
  },
])('$what', ({ text, row, clean }) => {
  expect(scrubbed(text, writeOf(undefined, row), NOTHING)).toBe(clean);
});

test('traits and the key count as the row’s words; names to keep stay', () => {
  const row = writeOf('acme-key', {}, { plan: 'goldrand' });
  expect(scrubbed('plan goldrand of acme-key refused', row, new Set(['plan']))).toBe('plan … of … refused');
  expect(scrubbed('plan is plan', writeOf(undefined, { x: 'plan' }), new Set(['plan']))).toBe('plan is plan');
});

test('long answers are cut', () => {
  expect(scrubbed('word '.repeat(1_000), writeOf(undefined), NOTHING).length).toBeLessThanOrEqual(300);
});

test('no word of a row comes through, however the answer quotes it', () => {
  const secret = fc.stringMatching(/^zq[a-z0-9]{4,12}$/);
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 4 }),
      fc.string(),
      fc.boolean(),
      (words, around, upper) => {
        const value = words.join(' ');
        const quoted = upper ? value.toUpperCase() : value;
        const clean = scrubbed(
          `name "${quoted}"${around} is invalid`,
          writeOf(undefined, { name: value }),
          NOTHING,
        );
        for (const word of words) expect(clean.toLowerCase()).not.toContain(word);
      },
    ),
  );
});

test('short words count where the row says them alone', () => {
  const clean = (name: string): string => scrubbed('Bo owes Xi', writeOf('k', { name }), NOTHING);
  expect(clean('Bo, Xi')).toBe('… owes …');
  expect(clean('Bobo boxing')).toBe('Bo owes Xi');
});

test('of a row that says more than can be compared, no word but plain ones is shown', () => {
  const name = 'x'.repeat(1_000_001);
  expect(scrubbed('name Anna is invalid', writeOf('k', { name }), NOTHING)).toBe('name … is invalid');
});
