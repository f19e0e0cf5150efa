import { answerRedactor } from '../config/connection/redact.ts';
import type { Settings } from '../config/settings.ts';
import { AnswerRoom } from '../vitally/http/answer-room.ts';
import { createClient, type VitallyClient } from '../vitally/http/client.ts';
import type { Clock } from '../vitally/http/clock.ts';
import { behindFirewall, Firewall } from '../write/firewall.ts';
import type { Shutdown } from './shutdown.ts';

export interface ClientsOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly log: (level: 'INFO' | 'WARN', message: string) => Promise<void>;
  readonly shutdown: Shutdown;
  readonly clock: Clock;
  readonly requestTimeoutMs?: number | undefined;
}

/** A client for each API that there is a token for, and the firewalls that they may meet. */
export interface Clients {
  readonly rest: VitallyClient | undefined;
  readonly analytics: VitallyClient | undefined;
  readonly firewalls: { readonly rest: Firewall; readonly analytics: Firewall };
}

export function clientsOf(options: ClientsOptions): Clients {
  const signal = options.shutdown.hardSignal;
  const firewalls = {
    rest: new Firewall({ api: 'REST API', signal }),
    analytics: new Firewall({ api: 'Analytics API', signal }),
  };
  const answers = new AnswerRoom();
  const rest = client(options, answers, 'rest');
  const analytics = client(options, answers, 'analytics');
  return {
    rest: rest && behindFirewall(rest, firewalls.rest, 'rows'),
    analytics: analytics && behindFirewall(analytics, firewalls.analytics, 'batches'),
    firewalls,
  };
}

function client(
  options: ClientsOptions,
  answers: AnswerRoom,
  api: 'rest' | 'analytics',
): VitallyClient | undefined {
  const { settings } = options;
  const [baseUrl, authorization] =
    api === 'rest'
      ? [settings.restUrl, settings.restAuthorization]
      : [settings.analyticsUrl, settings.analyticsAuthorization];
  if (authorization === undefined) return undefined;
  return createClient({
    api,
    baseUrl,
    headers: settings.headers,
    authorization,
    answers,
    requestsPerMinute: settings.requestsPerMinute,
    firewalls: 'answer',
    clock: options.clock,
    requestTimeoutMs: options.requestTimeoutMs,
    signal: options.shutdown.hardSignal,
    env: options.env,
    userAgent: options.userAgent,
    redact: answerRedactor(settings.secrets),
    log: (level, message) => {
      // An output that is gone ends the run at its next STATE.
      options.log(level, message).catch(() => {});
    },
  });
}
