import { redactor } from '../config/connection/redact.ts';
import { type ParsedSettings, redacted } from '../config/parse-settings.ts';
import { ConfigError } from '../errors/config-error.ts';
import { TransientError } from '../errors/transient-error.ts';
import { createEmitter, type Emitter } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { openStore } from '../rejected/rejections.ts';
import { resolveRoutesOrFaults } from '../routing/routes.ts';
import { readConfig, readFlagFile } from './configuration.ts';
import { type Plans, plansOf } from './plans.ts';
import { checkCustomObjects } from './probing/custom-objects.ts';
import { probe } from './probing/probe.ts';
import { readVersion } from './project.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

const OFFLINE =
  'The configuration is sound. Nothing was asked: whether tokens, hosts, storage and custom objects are right shows a check without --offline.';

/**
 * Says whether a configuration will work: config, storage, hosts, tokens and routes. It reads records and never writes
 * one; it says what only a write can prove. The exit code is 0 whatever it found.
 */
export async function check(flags: Flags, runtime: Runtime, plain: Emitter): Promise<number> {
  let emitter = plain;
  try {
    const { settings, routes, warnings } = await provedBy(flags, runtime);
    emitter = createEmitter(lineWriter(runtime.stdout), redactor(settings.secrets));
    if (flags.offline === true) {
      const message = [OFFLINE, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');
      await emitter.connectionStatus({ status: 'SUCCEEDED', message });
      return EXIT_CODES.succeeded;
    }
    await openStore(settings, { id: 'check', startedAtMs: Date.now() }, runtime.env).probe();
    const userAgent = `destination-vitally/${readVersion()}`;
    const prober = { settings, userAgent, env: runtime.env, clock: runtime.clock };
    const proofs = await probe(prober);
    await checkCustomObjects(prober, routes);
    // The platform shows only the status, so the warnings of a run are put into it.
    const message = [...proofs, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');
    await emitter.connectionStatus({ status: 'SUCCEEDED', message });
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof TransientError)) throw error;
    await emitter.connectionStatus({ status: 'FAILED', message: error.message });
  }
  return EXIT_CODES.succeeded;
}

/** The settings and routes, of the catalog where one is given. Throws {@link ConfigError} with everything that is wrong. */
async function provedBy(flags: Flags, runtime: Runtime): Promise<Omit<Plans, 'syncId'>> {
  if (flags.catalog === undefined) return proved(await readConfig(flags, runtime));
  const given = readFlagFile(flags, 'catalog', runtime).then(({ value }) => value);
  return await plansOf(flags, runtime, given);
}

/**
 * The settings and routes, from a made-up catalog that has the streams of all entries, so that a check finds the faults
 * that a run would find later.
 */
function proved({ settings, routing, faults, warnings, redact }: ParsedSettings): Omit<Plans, 'syncId'> {
  const streams = routing.streams.flatMap((entry) =>
    entry === undefined
      ? []
      : {
          stream: {
            name: entry.stream === '*' ? 'any other' : entry.stream,
            namespace: entry.namespace ?? null,
          },
          destination_sync_mode: 'append_dedup',
          primary_key: [['id']],
        },
  );
  const settled = resolveRoutesOrFaults(settings ?? routing, { streams });
  const byEntries = settled.faults.filter((fault) => fault.path.startsWith('/'));
  const all = [...faults, ...redacted(byEntries, redact)];
  if (settings === undefined || all.length > 0) throw ConfigError.of(all);
  // The catalog is made up, so only warnings about the config itself count.
  const odd = settled.warnings.filter((warning) => warning.startsWith('/'));
  return { settings, routes: settled.routes, warnings: [...warnings, ...odd] };
}
