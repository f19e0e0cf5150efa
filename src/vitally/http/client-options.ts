import type { AllAddresses } from '../../net/guarded-lookup.ts';
import type { AnswerRoom } from './answer-room.ts';
import type { Clock } from './clock.ts';
import type { Api } from './retry/config-fault.ts';
import type { Log } from './retry/retry-log.ts';
import type { Environment } from './way/proxy.ts';

export interface ClientOptions {
  /**
   * With `answer`, a firewall's 403 page is returned as an answer that is `refused` and `foreign`. Without it, such a page
   * throws a ConfigError, as every other 403 does.
   */
  readonly firewalls?: 'answer';
  /** The API behind `baseUrl`; messages name its token and where to find it. */
  readonly api: Api;
  /** Without a trailing slash; may have a path of its own, e.g. `https://proxy.acme.com/vitally`. */
  readonly baseUrl: string;
  /** Go with every request, beside the client's own. A proxy that is asked for a connection doesn't get them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `Authorization` header's value. Never shown. */
  readonly authorization: string;
  /** The most requests a minute; headers can lower it. `undefined`: as many as they allow, 1,000 until one tells. */
  readonly requestsPerMinute: number | undefined;
  /** Default: as many as the rate limit's policy has. */
  readonly maxInFlight?: number;
  readonly clock: Clock;
  /** Jitter in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Once aborted, waiting requests are given up at once, and those on the wire go on. */
  readonly signal: AbortSignal;
  /** The process's environment, for its proxy variables and `DEPLOYMENT_MODE`. */
  readonly env: Environment;
  /** Shared with the run's other client. Default: a room of its own. */
  readonly answers?: AnswerRoom;
  /** Looks a host up. Default: the machine's resolver. */
  readonly addressesOf?: AllAddresses;
  readonly log?: Log;
  readonly userAgent: string;
  /** Takes secrets out of what Vitally says, before it is cut. See `answerRedactor`. */
  readonly redact?: (text: string) => string;
  /** Milliseconds for all attempts of one request; waits for the rate limit don't count. Default 5 minutes. */
  readonly giveUpAfterMs?: number;
  /** Milliseconds for one attempt. Default 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
}
