import { parseSettings } from '../../src/config/parse-settings.ts';
import { ConfigError, type Fault } from '../../src/errors/config-error.ts';
import { spec } from './spec.ts';

/** What `parseSettings` finds wrong with a config; none when it takes it. */
export function faultsOf(config: unknown): readonly Fault[] {
  try {
    parseSettings(config, spec);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
