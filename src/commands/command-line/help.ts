import type { Argv } from 'yargs';
import { COMMANDS } from './command-table.ts';

export const NAME = 'destination-vitally';

const WIDTH = 100;

/** How to call the program: what `--help` shows without a command, and what a call without one gets. */
export async function usageText(): Promise<string> {
  return await shownBy(await commandLine(), ['--help']);
}

/** What `--help` shows of a command. */
export async function helpText(command: string): Promise<string> {
  const help = await shownBy(await commandLine(), [command, '--help']);
  const codes = COMMANDS[command]?.exitCodes;
  const all = ['0: it succeeded', ...(codes === undefined ? [] : [codes]), '2: the command line is wrong'];
  const text = command === 'sandbox' ? help : `${help}\nExit codes: ${all.join('; ')}\n`;
  return command === 'sandbox' ? `${text}\n${(await import('../sandbox.ts')).switchesText()}` : text;
}

/** The commands and their flags, of which yargs writes the help. */
async function commandLine(): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const root = yargs([]).locale('en').exitProcess(false).wrap(WIDTH).scriptName(NAME);
  for (const [name, { describe, flags, files, examples = [] }] of Object.entries(COMMANDS))
    root.command(files === undefined ? name : `${name} <FILE..>`, describe, (command) => {
      for (const example of examples) command.example(`$0 ${example}`, '');
      if (files !== undefined) command.positional('FILE', { type: 'string', describe: files });
      return command.options(flags);
    });
  return root
    .usage('usage: $0 COMMAND')
    .example('$0 check --config config.json', '')
    .example('$0 load accounts.csv --config config.json --dry-run', '')
    .example('$0 write --config config.json --catalog catalog.json < messages.jsonl', '')
    .epilogue("$0 COMMAND --help lists a command's flags.")
    .help()
    .version();
}

function shownBy(line: Argv, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    line.parse(args, (error: Error | null | undefined, _parsed: unknown, output: string) => {
      if (error !== undefined && error !== null) reject(error);
      else resolve(`${output}\n`);
    });
  });
}
