import { People } from '../associations/people.ts';
import { perRun } from '../per-run.ts';

/** The people whom the rows of a run name: shared by conversations, messages and meetings. */
export const peopleOf = perRun(({ associations }) => new People(associations));
