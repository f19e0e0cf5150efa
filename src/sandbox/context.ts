import type { World } from './store/world.ts';
import type { Switches } from './switches.ts';

/** What every endpoint works on. */
export interface Context {
  readonly world: World;
  readonly switches: Switches;
}
