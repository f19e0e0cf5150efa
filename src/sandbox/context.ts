import type { Switches } from './faults/switches.ts';
import type { World } from './store/world.ts';

/** The records and switches that every endpoint works on. */
export interface Context {
  readonly world: World;
  readonly switches: Switches;
}
