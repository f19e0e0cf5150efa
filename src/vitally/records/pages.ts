import type { Answer, VitallyRequest } from '../http/answer.ts';

export type Send = (request: VitallyRequest) => Promise<Answer>;
