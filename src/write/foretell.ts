import type { Route, Write } from '../mapping/route.ts';
import { writeByRest } from './objects/index.ts';
import type { WriteContext } from './rest/context.ts';
import type { Result } from './result.ts';

/**
 * What a message would do, told by what REST shows: in a dry run every row is looked up, whichever API would write it
 * (Contract 1).
 */
export function foreteller(context: WriteContext): (route: Route, write: Write) => Promise<Result> {
  const comparing = { ...context, skipUnchanged: true };
  return (route, write) => writeByRest(comparing, { ...route, transport: 'rest' }, write);
}
