import { SANDBOX_FLAGS } from '../../src/commands/command-line/sandbox-flags.ts';
import { CONTROLS } from '../../src/sandbox/control/control.ts';
import { FAULT_KINDS, SANDBOX_SWITCHES } from '../../src/sandbox/index.ts';

/** The flags of `sandbox`. */
export function flagTable(): string {
  const rows = Object.entries(SANDBOX_FLAGS).map(([name, flag]) => {
    const byDefault = 'default' in flag && flag.default !== '' ? `\`${flag.default}\`` : '–';
    return [`\`--${name}\``, byDefault, flag.describe];
  });
  return table(['flag', 'default', 'meaning'], rows);
}

/** What can be asked below `/sandbox/`. */
export function controlTable(): string {
  const rows = Object.entries(CONTROLS).map(([call, { meaning }]) => [
    `\`${call.replace(' ', ' /sandbox/')}\``,
    meaning,
  ]);
  return table(['request', 'what it does'], rows);
}

export function faultTable(): string {
  return table(['kind', 'what the client sees'], named(FAULT_KINDS));
}

export function switchTable(): string {
  return table(['switch', 'what changes'], named(SANDBOX_SWITCHES));
}

function named(meanings: Readonly<Record<string, string>>): string[][] {
  return Object.entries(meanings).map(([name, meaning]) => [`\`${name}\``, meaning]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(escaped).join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
