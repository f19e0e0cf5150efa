import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Asked, readArguments } from '../../../../src/commands/command-line/arguments.ts';
import { COMMANDS, EVERYWHERE } from '../../../../src/commands/command-line/command-table.ts';

const KNOWN = [
  ...new Set([...Object.values(COMMANDS).flatMap(({ flags }) => Object.keys(flags)), ...EVERYWHERE]),
];
const WRITE = ['write', '--config', 'c.json', '--catalog', 'k.json'];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-_.ABCZé';

function problem(asked: Asked): string | undefined {
  return asked.kind === 'refused' ? asked.problem : undefined;
}

/** Every word that one insertion, deletion or substitution makes of another. */
function oneLetterOff(word: string): string[] {
  const slips: string[] = [];
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    slips.push(before + after.slice(1));
    for (const letter of LETTERS) slips.push(before + letter + after, before + letter + after.slice(1));
  }
  return slips.filter((slip) => slip !== word && slip !== '' && !slip.startsWith('-') && !slip.includes('='));
}

describe('a slip of a known flag is refused, in every command', () => {
  const isKnown = (name: string): boolean => KNOWN.includes(name);

  test.each(KNOWN)('--%s: every slip of one letter', (flag) => {
    const passed = oneLetterOff(flag)
      .filter((slip) => !isKnown(slip))
      .flatMap((slip) =>
        Object.keys(COMMANDS).map((command) => ({ slip, asked: readArguments([command, `--${slip}`]) })),
      )
      .filter(({ asked }) => asked.kind !== 'refused');
    expect(passed.map(({ slip }) => slip)).toEqual([]);
  });

  test.each(KNOWN.filter((flag) => flag.length > 4))('--%s: slips of two letters', (flag) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...oneLetterOff(flag)).chain((slip) => fc.constantFrom(...oneLetterOff(slip))),
        (slip) => {
          fc.pre(!isKnown(slip));
          for (const command of Object.keys(COMMANDS))
            expect([slip, command, readArguments([command, `--${slip}`]).kind]).toEqual([
              slip,
              command,
              'refused',
            ]);
        },
      ),
    );
  });

  test.each(KNOWN)('--%s: in other cases and with other dashes', (flag) => {
    const plain = flag.replaceAll('-', '');
    for (const slip of [
      `-${flag}`,
      `---${flag}`,
      `–${flag}`,
      `—${flag}`,
      `−${flag}`,
      `--${flag.toUpperCase()}`,
      `--${flag.replaceAll('-', '_')}_`,
      `--${plain.toUpperCase()}`,
      `--${flag}-`,
    ])
      expect([slip, readArguments(['write', slip, 'x']).kind]).toEqual([slip, 'refused']);
  });

  test.each(['--dry', '--dryr', '--dr', '--d'])('%s is no dry run that could be taken for none', (slip) => {
    expect(problem(readArguments([...WRITE, slip])) !== undefined).toBe(slip.length >= '--dry'.length);
  });
});

describe('flags of others', () => {
  test.each([
    ['write', '--port=1', 'a flag of sandbox'],
    ['discover', '--catalog', 'a flag of check and write'],
    ['spec', '--config', 'a flag of check'],
    ['sandbox', '--dry-run', 'a flag of write and load'],
    ['write', '--limit', 'a flag of load'],
    ['write', '--Stream', 'a flag of load'],
    ['write', '--offline', 'a flag of check'],
    ['load', '--csv', 'a flag of rejected'],
  ])('%s refuses %s', (command, flag, says) => {
    expect(problem(readArguments([command, flag, '5']))).toContain(says);
  });
});

describe('--dry-run', () => {
  const dryRunOf = (...flags: string[]): unknown => {
    const asked = readArguments([...WRITE, ...flags]);
    return asked.kind === 'command' ? (asked.values.get('dry-run') ?? false) : asked.kind;
  };

  test.each(['true', 'True', 'TRUE', '1', 'yes', 'Yes', 'on', 'ON'])('is on with %s', (word) => {
    expect([
      dryRunOf(`--dry-run=${word}`),
      dryRunOf('--dry-run', word),
      dryRunOf('--dry-run', word, '--plan', 'p'),
    ]).toEqual([true, true, true]);
  });

  test.each(['false', 'False', '0', 'no', 'NO', 'off'])('is off with %s', (word) => {
    expect([dryRunOf(`--dry-run=${word}`), dryRunOf('--dry-run', word)]).toEqual([false, false]);
    expect(dryRunOf('--dry-run', word, '--plan', 'p')).toBe('refused');
  });

  test('is on alone, and off where it is not given', () => {
    expect([dryRunOf('--dry-run'), dryRunOf('--dry-run', '--summary', 's'), dryRunOf()]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each(['', 'tru', 'y', '2', '-1', 'maybe', ' true', 'null', 'enabled', 'true=true'])(
    'is refused with =%j',
    (word) => {
      expect(dryRunOf(`--dry-run=${word}`)).toBe('refused');
    },
  );

  test.each(['tru', 'y', '2', 'maybe', 'x.jsonl', 'write'])(
    'takes no other word that follows: %s',
    (word) => {
      expect(dryRunOf('--dry-run', word)).toBe('refused');
    },
  );

  test('is refused both on and off', () => {
    expect(dryRunOf('--dry-run', '--dry-run=false')).toBe('refused');
    expect(dryRunOf('--dry-run', '--dry-run=yes')).toBe(true);
  });

  test.each([['--plan', 'p'], ['--plan=p'], ['--plan', 'p', '--dry-run=no']])(
    '--plan wants it: %s %s',
    (...flags) => {
      expect(problem(readArguments([...WRITE, ...flags]))).toContain('add --dry-run');
    },
  );
});

describe('words', () => {
  test('flags stand anywhere, with = or a blank', () => {
    const flags = ['--config', 'a=b.json', '--catalog=k=1.json', '--dry-run', '--plan=-'];
    for (let at = 0; at <= flags.length; at++) {
      if (at === 1) continue;
      const asked = readArguments([...flags.slice(0, at), 'write', '', ...flags.slice(at)]);
      expect(asked).toEqual({
        kind: 'command',
        command: 'write',
        files: [],
        values: new Map<string, unknown>([
          ['config', 'a=b.json'],
          ['catalog', 'k=1.json'],
          ['dry-run', true],
          ['plan', '-'],
        ]),
        unknown: [],
      });
    }
  });

  test.each([
    [['write', 'rows.jsonl']],
    [['write', '-']],
    [['write', '--', '--dry-run']],
    [['write', '-5']],
    [['write', '--config', 'my', 'config.json']],
    [['write', '--novel=1', 'x']],
    [['write', '--novel', 'x', 'y']],
    [['write', 'write']],
    [['spec', 'x']],
  ])('an argument that is none is refused, and told where rows come from: %j', (args) => {
    expect(problem(readArguments(args))).toMatch(
      /rows come on stdin, or from files through the command load/,
    );
  });

  test.each([
    [['write', '--summary']],
    [['write', '--summary=']],
    [['write', '--summary', '--config', 'c']],
    [['write', '--dry-run', '--plan']],
  ])('a file that is not named is refused: %j', (args) => {
    expect(problem(readArguments(args))).toContain('needs a file');
  });

  test('what may be a token is not shown', () => {
    const token = `sk_live_${'0123456789abcdef'.repeat(2)}`;
    for (const args of [
      ['write', token],
      ['write', '--x=1', `Basic ${token}`],
      ['write', '0123456789abcdef0123456789'],
    ])
      expect(problem(readArguments(args))).not.toMatch(/0123456789/);
  });
});
