import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { editorSchema } from './editor-schema.ts';

const text = readFileSync(join(ROOT, 'config.schema.json'), 'utf8');
/** As a strict reader of the standard has it, who knows none of Airbyte's keywords. */
const validate = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(JSON.parse(text));
const configs = readdirSync(join(ROOT, 'examples'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('config.json'));

describe('config.schema.json', () => {
  test('is what npm run docs writes', () => {
    expect(text).toBe(editorSchema());
  });

  test.each(configs)('takes examples/%s, with the line that names it too', (path) => {
    const config = JSON.parse(readFileSync(join(ROOT, 'examples', path), 'utf8'));
    expect([validate(config), validate.errors]).toEqual([true, null]);
    expect(validate({ $schema: './config.schema.json', ...config })).toBe(true);
  });

  test.each([
    ['a name that nothing knows', { requests_per_minut: 100 }, 'requests_per_minut'],
    ['one in an entry', { streams: [{ stream: 'a', sync_kee: ['id'] }] }, 'sync_kee'],
    ['a value that is none of those', { streams: [{ stream: 'a', mode: 'upsrt' }] }, 'allowed values'],
    ['a wrong type', { requests_per_minute: 'many' }, 'integer'],
  ])('points at %s', (_what, members, said) => {
    expect(validate({ data_center: { region: 'eu' }, rest_api_token: 't', ...members })).toBe(false);
    expect(JSON.stringify(validate.errors)).toContain(said);
  });
});
