import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { columnsOf } from '../../../src/config/stream-options.ts';
import { faultsOf } from '../../support/config-faults.ts';
import { spec } from '../../support/spec.ts';

function configWith(...fields: readonly object[]): object {
  return {
    data_center: { region: 'us', subdomain: 'acme' },
    rest_api_token: 'sk_live_0123456789abcdef',
    streams: [{ stream: 'rows', object: 'account', fields }],
  };
}

describe('fields', () => {
  test('are columns or templates, which know the columns that they read', () => {
    const config = configWith(
      { source: 'a', destination: 'name' },
      { template: '{{ b }}{{ c }}', destination: 'traits.x' },
    );
    const [entry] = parseSettings(config, spec).streams;
    expect(entry?.fields.map(columnsOf)).toEqual([['a'], ['b', 'c']]);
  });

  test.each([
    { field: { destination: 'name' }, path: '', says: 'must have a "source"' },
    { field: { template: ' ', destination: 'name' }, path: '', says: 'must have a "source"' },
    {
      field: { source: 'a', template: '{{ a }}', destination: 'name' },
      path: '',
      says: 'must have one of "source" and "template", not both',
    },
    {
      field: { template: 'Dear {{ name', destination: 'name' },
      path: '/template',
      says: 'is no Liquid template that can be used: output "{{ name" not closed, line:1, col:6',
    },
    {
      field: { template: '{{ a | upcas }}', destination: 'name' },
      path: '/template',
      says: 'did you mean "upcase"?',
    },
    {
      field: { template: '{% include "a" %}', destination: 'name' },
      path: '/template',
      says: 'tag "include"',
    },
    { field: { template: 5, destination: 'name' }, path: '/template', says: 'must be text' },
  ])('$field is a fault with its place', ({ field, path, says }) => {
    const faults = faultsOf(configWith({ source: 'x', destination: 'traits.x' }, field));
    expect(faults.map((fault) => fault.path)).toEqual([`/streams/0/fields/1${path}`]);
    expect(faults[0]?.message).toContain(says);
  });

  test('all that is wrong with them is told at once', () => {
    const faults = faultsOf(configWith({ destination: 'a' }, { template: '{{', destination: 'b' }));
    expect(faults).toHaveLength(2);
  });
});
