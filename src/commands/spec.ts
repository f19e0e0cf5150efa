import type { Emitter } from '../protocol/output/emit.ts';
import { readSpec } from './project.ts';
import { EXIT_CODES } from './runtime.ts';

/** Prints the SPEC. */
export async function spec(emitter: Emitter): Promise<number> {
  await emitter.spec(readSpec());
  return EXIT_CODES.succeeded;
}
