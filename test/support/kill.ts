import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './program.ts';

/** A run is killed when it has printed fewer STATEs than this, and up to so many milliseconds later. */
const MAX_STATES_BEFORE_KILL = 8;
const MAX_DELAY_MS = 100;

/** Kills a run at a moment that depends on its output and on chance alone. @param random in [0, 1) */
export async function killSometime(program: Program, random: () => number): Promise<void> {
  const printed = Math.floor(random() * MAX_STATES_BEFORE_KILL);
  await program.until((one) => one.hasEnded || one.messagesOf('STATE').length >= printed);
  await sleep(random() * MAX_DELAY_MS);
  program.kill('SIGKILL');
}
