import type { Answer, VitallyRequest } from './answer.ts';

export type Send = (request: VitallyRequest) => Promise<Answer>;
