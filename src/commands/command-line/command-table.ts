import type { Options } from 'yargs';
import { SANDBOX_FLAGS } from './sandbox-flags.ts';

export interface CommandMeaning {
  readonly describe: string;
  /** As yargs takes them. A `boolean` is a switch: it may have a value and is on without one. */
  readonly flags: Readonly<Record<string, Options>>;
}

const CONFIG: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'the configuration, as spec.json describes it',
};

/** The commands there are and their flags. Contract 1. */
export const COMMANDS: Readonly<Record<string, CommandMeaning>> = {
  spec: { describe: 'show what can be configured', flags: {} },
  check: {
    describe: 'tell whether the configuration is right and Vitally answers',
    flags: { config: CONFIG },
  },
  discover: { describe: 'list the objects that rows can be mapped to', flags: { config: CONFIG } },
  write: {
    describe: 'write the messages of stdin to Vitally',
    flags: {
      config: CONFIG,
      catalog: {
        type: 'string',
        requiresArg: true,
        describe: 'the configured catalog: the streams to expect',
      },
      'dry-run': { type: 'boolean', describe: 'look everything up and write nothing' },
      plan: {
        type: 'string',
        requiresArg: true,
        describe: 'file in which a dry run says row by row what it would do',
      },
      summary: {
        type: 'string',
        requiresArg: true,
        describe: 'file that gets the counts when the run ends',
      },
    },
  },
  sandbox: { describe: 'imitate Vitally on this machine', flags: SANDBOX_FLAGS },
};

/** Flags that any command takes, and that win over what else is there. */
export const EVERYWHERE: readonly string[] = ['help', 'version'];

/**
 * Flags that the contract gives to commands and modes that this version does not have. They narrow what a command
 * does, so that ignoring one would do more than was asked for.
 */
export const NOT_YET: Readonly<Record<string, string>> = {
  limit: 'load',
  stream: 'load',
  format: 'load',
  csv: 'rejected',
  offline: 'check',
};
