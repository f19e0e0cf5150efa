import type { Emitter } from '../protocol/output/emit.ts';
import { readSpec } from './project.ts';

/** Prints the SPEC. */
export async function spec(emitter: Emitter): Promise<number> {
  await emitter.spec(readSpec());
  return 0;
}
