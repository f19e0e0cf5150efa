import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { spec } from '../../support/spec.ts';

const RUNS = 120;
const PLANTED = 'sk_live_Planted0Planted1Planted2';

/** Any JSON in which the planted token stands as text and as name. */
const planted = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(PLANTED, `Basic ${btoa(`${PLANTED}:`)}`, `https://${PLANTED}@host/`, null, true, 5, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(PLANTED, `${PLANTED}/x`, 'region', 'stream', 'mode', '__proto__'),
      tie('value'),
      {
        maxKeys: 3,
      },
    ),
  ),
})).value;

const option = (name: string) => ({ name, value: planted });
const config = fc.record(
  {
    data_center: fc.oneof(
      planted,
      fc.record({
        region: fc.constantFrom('us', 'eu', 'custom', PLANTED),
        subdomain: planted,
        rest_url: planted,
      }),
    ),
    rest_api_token: planted,
    analytics_api_token: planted,
    streams: fc.oneof(
      planted,
      fc.array(
        fc.record(
          Object.fromEntries(
            ['stream', 'object', 'mode', 'sync_key', 'fields', 'constants', 'delete_limit', PLANTED]
              .map(option)
              .map(({ name, value }) => [name, value]),
          ),
          { requiredKeys: [] },
        ),
        { maxLength: 3 },
      ),
    ),
    rejected_records: planted,
    object_storage_config: planted,
    requests_per_minute: planted,
  },
  { requiredKeys: [] },
);

function outcome(given: unknown): { readonly error?: unknown } {
  try {
    parseSettings(given, spec);
    return {};
  } catch (error) {
    return { error };
  }
}

test('whatever JSON the config is, it becomes settings or a ConfigError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (given) => {
      const { error } = outcome(given);
      expect(error === undefined || error instanceof ConfigError).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('whatever stands where, no message shows a token', () => {
  fc.assert(
    fc.property(config, (given) => {
      const { error } = outcome(given);
      if (error === undefined) return;
      expect(error).toBeInstanceOf(ConfigError);
      const shown = JSON.stringify([String(error), error]);
      expect(shown).not.toContain('Planted');
      expect(shown).not.toContain(btoa(PLANTED).slice(0, 12));
    }),
    { numRuns: RUNS },
  );
});

test('nesting as deep as a file can hold is no more than a fault', () => {
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
  for (const given of [{ streams: deep }, { data_center: { region: deep } }, { unheard_of: deep }]) {
    expect(outcome(given).error).toBeInstanceOf(ConfigError);
  }
});
