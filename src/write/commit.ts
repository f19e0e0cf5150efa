import type { Answer, VitallyRequest } from '../vitally/http/answer.ts';
import type { VitallyClient } from '../vitally/http/client.ts';
import { systemClock } from '../vitally/http/clock.ts';
import { plannedAnswer } from './dry-run.ts';
import type { LostAnswers } from './rest/lost-answers.ts';
import type { Subject } from './result.ts';

/** Sends what writes; a dry run answers by itself. A good answer tells that Vitally is there. */
export function committing(
  { send }: VitallyClient,
  dryRun: boolean,
  lostAnswers: LostAnswers,
): (request: VitallyRequest, subject?: Subject) => Promise<Answer> {
  return async (request, subject) => {
    if (dryRun) return plannedAnswer(request, subject, systemClock.now());
    const answer = await send(request);
    if (answer.kind === 'ok') lostAnswers.answeredWell();
    return answer;
  };
}
