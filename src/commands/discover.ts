import { operations } from '../objects/schema.ts';
import type { Emitter } from '../protocol/emit.ts';
import { readFlagFile, settingsOf } from './configuration.ts';
import type { Flags, Runtime } from './runtime.ts';

/** Prints the DESTINATION_CATALOG: what Airbyte's mapping screen offers. A wrong config is told before. */
export async function discover(flags: Flags, runtime: Runtime, emitter: Emitter): Promise<number> {
  settingsOf(await readFlagFile(flags, 'config', runtime), runtime);
  await emitter.destinationCatalog({ operations: operations() });
  return 0;
}
