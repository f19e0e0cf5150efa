import { ConfigError } from '../errors/config-error.ts';
import { TransientError } from '../errors/transient-error.ts';
import { createEmitter, type Emitter } from '../protocol/emit.ts';
import { lineWriter } from '../protocol/line-writer.ts';
import { settleRoutesOrFaults } from '../routing/routes.ts';
import { redactor } from '../settings/redact.ts';
import type { Settings } from '../settings/settings.ts';
import { openStore } from '../sync/rejections.ts';
import { readFlagFile, settingsOf } from './configuration.ts';
import { probe } from './probe.ts';
import { readVersion } from './project.ts';
import type { Flags, Runtime } from './runtime.ts';

/**
 * Says whether a configuration will do: config, storage, hosts, tokens, and routes that lack one. It reads and
 * never writes a record; what can't be proved without writing is said. The exit code is 0 whatever was found.
 */
export async function check(flags: Flags, runtime: Runtime, plain: Emitter): Promise<number> {
  let emitter = plain;
  try {
    const settings = settingsOf(await readFlagFile(flags, 'config', runtime), runtime);
    emitter = createEmitter(lineWriter(runtime.stdout), redactor(settings.secrets));
    checkEntries(settings);
    await openStore(settings.storage).probe();
    const proofs = await probe(settings, runtime.env, `destination-vitally/${readVersion()}`);
    await emitter.connectionStatus({ status: 'SUCCEEDED', message: proofs.join(' ') });
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof TransientError)) throw error;
    await emitter.connectionStatus({ status: 'FAILED', message: error.message });
  }
  return 0;
}

/** Holds the entries of `streams` against a catalog that has just their streams: what a run would find wrong later. */
function checkEntries(settings: Settings): void {
  const streams = settings.streams.map((entry) => ({
    stream: {
      name: entry.stream === '*' ? 'any other stream' : entry.stream,
      namespace: entry.namespace ?? null,
    },
    destination_sync_mode: 'append_dedup',
    primary_key: [['id']],
  }));
  const { faults } = settleRoutesOrFaults(settings, { streams });
  const ofConfig = faults.filter((fault) => fault.path.startsWith('/'));
  if (ofConfig.length > 0) throw ConfigError.of(ofConfig);
}
