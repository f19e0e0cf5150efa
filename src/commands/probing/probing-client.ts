import { answerRedactor } from '../../config/connection/redact.ts';
import type { Settings } from '../../config/settings.ts';
import { createClient, type VitallyClient } from '../../vitally/http/client.ts';
import { type Clock, systemClock } from '../../vitally/http/clock.ts';

/** A check answers in seconds: what a run would try for minutes is tried for this long. */
const GIVE_UP_AFTER_MS = 20_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** One of the two APIs, and what it is asked with. */
export interface ProbedApi {
  readonly api: 'rest' | 'analytics';
  readonly baseUrl: string;
  readonly authorization: string;
}

export interface Prober {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** A client for questions that a person waits for. */
export function probingClient(
  { settings, env, userAgent, clock = systemClock }: Prober,
  api: ProbedApi,
  signal: AbortSignal = new AbortController().signal,
): VitallyClient {
  return createClient({
    ...api,
    headers: settings.headers,
    requestsPerMinute: settings.requestsPerMinute,
    clock,
    signal,
    env,
    userAgent,
    redact: answerRedactor(settings.secrets),
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
}
