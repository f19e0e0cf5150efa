import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { ROOT } from '../support/sources.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { CLAIMS } from './claims.ts';

/** Where pages say that the sandbox listens. */
const PAGE_URL = 'http://127.0.0.1:8080';

/** A block of code of a page. */
export interface Block {
  readonly language: string;
  readonly body: string;
  /** The heading that it is under. */
  readonly under: string;
}

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let under = '';
  for (const [, title, language = '', body = ''] of page.matchAll(
    /^#+ (.+)$|^ *```(\w+)\n([\s\S]*?)^ *```$/gm,
  )) {
    if (title !== undefined) under = title;
    else blocks.push({ language, body, under });
  }
  return blocks;
}

/** What a page asks the reader to put something of their own in place of, with what leads to the sandbox instead. */
const OWN: readonly (readonly [string, (url: string) => string])[] = [
  [PAGE_URL, (url) => url],
  [
    '{"region": "us", "subdomain": "acme"}',
    (url) => `{"region": "custom", "rest_url": "${url}", "analytics_url": "${url}"}`,
  ],
  ["'…'", () => "'rest-token'"],
];

/** How a command of a page ended. */
interface Ran {
  readonly code: number;
  /** Its stdout and its stderr. */
  readonly shown: string;
}

/**
 * A reader who follows a page from the root of a checkout: runs its commands (`sh`) in a shell, one block after the other,
 * and holds what they show (`console`) and what Vitally holds then (`text`, in the words of {@link CLAIMS}) to the page.
 */
export class Reader {
  readonly #sandbox: Sandbox;
  readonly #root = temporaryDirectory();
  #ran: Ran = { code: Number.NaN, shown: '' };

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    symlinkSync(join(ROOT, 'bin'), join(this.#root, 'bin'));
    cpSync(join(ROOT, 'examples'), join(this.#root, 'examples'), { recursive: true });
    for (const name of readdirSync(join(this.#root, 'examples'), { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.json')) this.#lead(join('examples', name));
  }

  /** Lets a file lead to the sandbox of this test. */
  #lead(name: string): void {
    const path = join(this.#root, name);
    writeFileSync(path, this.#owned(readFileSync(path, 'utf8')));
  }

  #owned(text: string): string {
    return OWN.reduce((own, [given, instead]) => own.replaceAll(given, instead(this.#sandbox.url)), text);
  }

  /** How the last command ended: a page that says nothing of it means that it succeeded. */
  expectCode(code: number): void {
    expect(this.#ran.code, this.#ran.shown).toBe(code);
  }

  async take({ language, body }: Block): Promise<void> {
    if (language === 'sh') await this.#run(body);
    else if (language === 'console') this.#compare(body);
    else if (language === 'text') this.#check(body);
    else throw new Error(`a reader does not know what to do with a block of ${language}`);
  }

  async #run(script: string): Promise<void> {
    this.#ran = await new Promise<Ran>((resolve) => {
      const options = { cwd: this.#root, env: { ...process.env, WORKER_JOB_ID: 'first' } };
      execFile('bash', ['-c', `{ ${this.#owned(script)}\n} 2>&1`], options, (error, shown) =>
        resolve({ code: error === null ? 0 : Number(error.code), shown }),
      );
    });
  }

  /** Each line is shown, in this order; one that ends in `…` is the begin of a longer one. */
  #compare(body: string): void {
    const shown = this.#ran.shown.split('\n').map((line) => line.trimEnd());
    let from = 0;
    for (const line of body.trimEnd().split('\n')) {
      const isWhole = !line.endsWith('…');
      const at = shown.findIndex(
        (one, index) => index >= from && (isWhole ? one === line : one.startsWith(line.slice(0, -1))),
      );
      if (at === -1) expect(shown.slice(from).join('\n')).toContain(line);
      from = at + 1;
    }
  }

  #check(body: string): void {
    for (const line of body.trimEnd().split('\n')) {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (word === 'exit') this.expectCode(Number(rest));
      else if (word === 'says') expect(this.#ran.shown).toContain(rest);
      else if (CLAIMS[word] !== undefined) CLAIMS[word](rest, this.#sandbox);
      else throw new Error(`a line says nothing that is checked: ${line}`);
    }
  }
}
