import { customObjectOperations, operations } from '../objects/schema.ts';
import type { Emitter } from '../protocol/output/emit.ts';
import { writableOperations } from '../routing/writable-operations.ts';
import { readSettings } from './configuration.ts';
import { readWorkspace } from './probing/workspace.ts';
import { readVersion } from './project.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

/**
 * Prints the DESTINATION_CATALOG: what Airbyte's mapping screen offers, which is what `write` takes with the tokens that
 * are there. The workspace's own traits and custom objects are among it where there is a REST token to read them. A
 * wrong config is told before.
 */
export async function discover(flags: Flags, runtime: Runtime, emitter: Emitter): Promise<number> {
  const { settings, warnings } = await readSettings(flags, runtime);
  for (const warning of warnings) await emitter.log('WARN', warning);
  const userAgent = `destination-vitally/${readVersion()}`;
  const workspace = await readWorkspace({ settings, userAgent, env: runtime.env, clock: runtime.clock });
  const offered = [...operations(workspace.traits), ...customObjectOperations(workspace.customObjects)];
  await emitter.destinationCatalog({ operations: writableOperations(offered, settings) });
  return EXIT_CODES.succeeded;
}
