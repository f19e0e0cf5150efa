import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memberSchemas } from '../../../src/config/schema/members.ts';
import { isJsonObject } from '../../../src/json/guards.ts';
import { spec } from '../../support/spec.ts';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const metadata = read('metadata.yaml');
const value = (key: string) => new RegExp(`^ {2}${key}: (.+)$`, 'm').exec(metadata)?.[1];
const manifest: unknown = JSON.parse(read('package.json'));

test.each([
  { key: 'name', expected: 'Vitally' },
  { key: 'definitionId', expected: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) },
  { key: 'connectorType', expected: 'destination' },
  { key: 'connectorSubtype', expected: 'api' },
  { key: 'dockerRepository', expected: 'destination-vitally/destination-vitally' },
  { key: 'dockerImageTag', expected: isJsonObject(manifest) ? manifest.version : undefined },
  { key: 'license', expected: isJsonObject(manifest) ? manifest.license : undefined },
  { key: 'documentationUrl', expected: isJsonObject(spec) ? spec.documentationUrl : undefined },
  { key: 'githubIssueLabel', expected: 'destination-vitally' },
  { key: 'releaseStage', expected: 'alpha' },
  { key: 'supportsRefreshes', expected: 'true' },
  { key: 'supportsDataActivation', expected: 'true' },
])('metadata.yaml: $key', ({ key, expected }) => {
  expect(value(key)).toEqual(expected);
});

test('the placeholders among the allowed hosts are options of the config', () => {
  const placeholders = [...metadata.matchAll(/\$\{([a-z_.]+)\}/g)].map(([, path = '']) => path.split('.'));
  expect(placeholders).toHaveLength(4);
  for (const path of placeholders) {
    let schema: unknown = isJsonObject(spec) ? spec.connectionSpecification : undefined;
    for (const name of path) schema = memberSchemas(schema).get(name);
    expect(schema, path.join('.')).toMatchObject({ type: 'string' });
  }
});

test('the icon is there and square', () => {
  const icon = read(value('icon') ?? '');
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(icon) ?? [];
  expect(width).toBeDefined();
  expect(width).toBe(height);
});
