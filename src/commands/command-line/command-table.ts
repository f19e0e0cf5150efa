import { SANDBOX_FLAGS } from './sandbox-flags.ts';

/** A flag's meaning, and whether a value belongs to it: of a switch only some words may be one. */
export interface FlagMeaning {
  readonly describe: string;
  readonly takes: 'file' | 'value' | 'switch';
}

export interface CommandMeaning {
  readonly describe: string;
  readonly flags: Readonly<Record<string, FlagMeaning>>;
}

const CONFIG: FlagMeaning = { takes: 'file', describe: 'the configuration, as spec.json describes it' };

/** The commands there are and their flags. Contract 1. */
export const COMMANDS: Readonly<Record<string, CommandMeaning>> = {
  spec: { describe: 'what can be configured', flags: {} },
  check: { describe: 'is the configuration right, and is Vitally there', flags: { config: CONFIG } },
  discover: { describe: 'the objects that rows can be mapped to', flags: { config: CONFIG } },
  write: {
    describe: 'write the messages of stdin',
    flags: {
      config: CONFIG,
      catalog: { takes: 'file', describe: 'the configured catalog: which streams come' },
      'dry-run': { takes: 'switch', describe: 'look everything up and write nothing' },
      plan: { takes: 'file', describe: 'where a dry run says row by row what it would do' },
      summary: { takes: 'file', describe: 'where the counts go when the run ends' },
    },
  },
  sandbox: {
    describe: 'a local imitation of Vitally',
    flags: Object.fromEntries(
      Object.entries(SANDBOX_FLAGS).map(([name, { describe }]) => [name, { takes: 'value', describe }]),
    ),
  },
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
