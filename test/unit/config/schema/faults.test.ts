import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { faultOf, unknownName } from '../../../../src/config/schema/faults.ts';

function faultsIn(schema: object, value: unknown) {
  const ajv = new Ajv({ allErrors: true, verbose: true });
  ajv.addVocabulary(['pattern_descriptor']);
  const validate = ajv.compile(schema);
  validate(value);
  return (validate.errors ?? []).map(faultOf);
}

test.each([
  { schema: { type: 'string' }, value: 1, message: 'must be text' },
  { schema: { type: 'boolean' }, value: 1, message: 'must be true or false' },
  { schema: { type: 'object' }, value: 1, message: 'must be a JSON object' },
  { schema: { type: 'array' }, value: 1, message: 'must be a list' },
  { schema: { type: 'integer' }, value: 1.5, message: 'must be a whole number' },
  { schema: { type: 'number' }, value: 'x', message: 'must be a number' },
  { schema: { type: 'number', examples: [5] }, value: 'x', message: 'must be a number, for example 5' },
  { schema: { enum: ['a', 'b'] }, value: 'secret', message: 'must be one of "a", "b"' },
  { schema: { type: 'number', minimum: 3 }, value: 1, message: 'must be 3 or more' },
  { schema: { type: 'number', minimum: 3, maximum: 4 }, value: 5, message: 'must be from 3 to 4' },
  {
    schema: { type: 'string', minLength: 1 },
    value: '',
    message: 'must not be empty; leave it out or fill it in',
  },
  {
    schema: { type: 'string', pattern: '^a', pattern_descriptor: 'a…' },
    value: 'secret',
    message: 'must look like this: a…',
  },
  { schema: { type: 'string', maxLength: 3 }, value: 'secret', message: 'does not fit (maxLength)' },
])('$value against $schema', ({ schema, value, message }) => {
  expect(faultsIn(schema, value)).toEqual([{ path: '', message }]);
});

test.each([
  { name: 'colour', path: '/colour', message: 'is not known here; known are "mode", "sync_key"' },
  { name: 'sync key', path: '/sync key', message: 'is not known here; did you mean "sync_key"?' },
  { name: 'm~ode', path: '/m~0ode', message: 'is not known here; did you mean "mode"?' },
  { name: 'm/ode', path: '/m~1ode', message: 'is not known here; did you mean "mode"?' },
  {
    name: 'sk_live_123',
    path: '',
    message: 'holds a name that is not known here; known are "mode", "sync_key"',
  },
  {
    name: 'x'.repeat(41),
    path: '',
    message: 'holds a name that is not known here; known are "mode", "sync_key"',
  },
])('the unknown name $name', ({ name, path, message }) => {
  expect(unknownName('', name, ['mode', 'sync_key'])).toEqual({ path, message });
});
