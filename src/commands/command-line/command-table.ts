import type { Options } from 'yargs';
import { SANDBOX_FLAGS } from './sandbox-flags.ts';

export interface CommandMeaning {
  readonly describe: string;
  /** What the arguments that are no flags name; absent where a command takes none. */
  readonly files?: string;
  /** Commands to be shown by its help. */
  readonly examples?: readonly string[];
  /** Exit codes beside 0 and 2, for its help. */
  readonly exitCodes?: string;
  /** As yargs takes them. A `boolean` is a switch: it may have a value and is on without one. */
  readonly flags: Readonly<Record<string, Options>>;
}

const CONFIG: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'the configuration, as spec.json describes it',
};

const CATALOG: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'the configured catalog: the streams to expect',
};
const DRY_RUN: Options = { type: 'boolean', describe: 'look everything up and write nothing' };
const PLAN: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'file in which a dry run says row by row what it would do',
};
const SUMMARY: Options = {
  type: 'string',
  requiresArg: true,
  describe: 'file that gets the counts when the run ends',
};
const RUN_CODES = '1: the run failed, or rows were rejected; 130, 143: a signal ended it';

/** The commands there are and their flags. Contract 1. */
export const COMMANDS: Readonly<Record<string, CommandMeaning>> = {
  spec: { describe: 'show what can be configured', flags: {} },
  check: {
    describe: 'tell whether the configuration is right and Vitally answers',
    flags: {
      config: CONFIG,
      offline: { type: 'boolean', describe: 'judge the configuration alone, without a request' },
      catalog: { ...CATALOG, describe: 'the configured catalog that write will get, to be judged too' },
    },
    exitCodes: '1: it has a fault of its own; a wrong configuration is told as FAILED, with 0',
    examples: ['check --config config.json', 'check --config config.json --offline --catalog catalog.json'],
  },
  discover: { describe: 'list the objects that rows can be mapped to', flags: { config: CONFIG } },
  write: {
    describe: 'write the messages of stdin to Vitally',
    flags: {
      config: CONFIG,
      catalog: CATALOG,
      'dry-run': DRY_RUN,
      plan: PLAN,
      summary: SUMMARY,
    },
    examples: [
      'write --config config.json --catalog catalog.json < messages.jsonl',
      'write --config config.json --catalog catalog.json --dry-run --plan plan.jsonl < messages.jsonl',
    ],
    exitCodes: RUN_CODES,
  },
  load: {
    describe: 'write the rows of CSV and JSONL files to Vitally, without a catalog',
    files: 'files of rows; - stands for stdin',
    flags: {
      config: CONFIG,
      stream: {
        type: 'string',
        requiresArg: true,
        describe: "the stream of the rows, instead of the file's name without its ending",
      },
      format: {
        type: 'string',
        requiresArg: true,
        choices: ['csv', 'jsonl'],
        describe: "instead of what the file's ending says",
      },
      limit: { type: 'number', requiresArg: true, describe: 'take the first N rows of each file' },
      'dry-run': DRY_RUN,
      plan: PLAN,
      summary: SUMMARY,
    },
    examples: [
      'load accounts.csv --config config.json --dry-run',
      'load accounts.csv users.jsonl --config config.json',
      'load - --stream accounts --format csv --config config.json < export.csv',
    ],
    exitCodes: RUN_CODES,
  },
  catalog: {
    describe: "make a configured catalog of a source's discover on stdin, or of the entries of streams",
    flags: { config: CONFIG },
    examples: [
      'catalog --config config.json < discovered.jsonl > catalog.json',
      'catalog --config config.json < /dev/null > catalog.json',
    ],
    exitCodes: '1: config or catalog is wrong',
  },
  rejected: {
    describe: 'show rejected rows that were kept, with reason and remedy',
    files: 'files that object_storage_config keeps',
    flags: { csv: { type: 'boolean', describe: 'as a sheet, which load takes back' } },
    examples: ['rejected runs/7/accounts.jsonl', 'rejected runs/7/accounts.jsonl --csv > accounts.csv'],
    exitCodes: '1: a file cannot be read',
  },
  completion: {
    describe: 'print a script that completes commands and flags in bash and zsh',
    flags: {},
    examples: ['completion >> ~/.bashrc'],
  },
  sandbox: { describe: 'imitate Vitally on this machine', flags: SANDBOX_FLAGS },
};

/** Flags that any command takes, and that win over what else is there. */
export const EVERYWHERE: readonly string[] = ['help', 'version'];
