import type { Settings } from '../../config/settings.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { TransientError } from '../../errors/transient-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import { objectNamed } from '../../objects/index.ts';
import type { Answer } from '../../vitally/http/answer.ts';
import { type Prober, probingClient, type ProbedApi as Target } from './probing-client.ts';

/** One cheap read. */
const ACCOUNTS_PATH = '/resources/accounts?limit=1';

/** A token that Vitally never gave out: an API that takes it takes every token. */
const NONSENSE = 'Basic ZGVzdGluYXRpb24tdml0YWxseS1jaGVjazo=';

/** This endpoint takes only POST: a read of it shows whether Vitally answers and whether it refuses the token. */
const ANALYTICS_PATH = '/analytics/v1/batch';

/**
 * Proves tokens and hosts by reading. Gives one sentence for each API: what was proved and what was not.
 *
 * @throws ConfigError for a fault of token, region or subdomain
 * @throws TransientError when Vitally can't be reached
 */
export async function probe(prober: Prober): Promise<string[]> {
  const { settings } = prober;
  const ask = (target: Target, path: string): Promise<Answer> => askOnce(prober, target, path);
  const sentences: string[] = [];
  const { restUrl, analyticsUrl, restAuthorization, analyticsAuthorization } = settings;
  if (restAuthorization !== undefined) {
    const target: Target = { api: 'rest', baseUrl: restUrl, authorization: restAuthorization };
    await probeRest(target, settings, ask);
    sentences.push(`REST API at ${new URL(restUrl).host}: the token works.`);
  } else {
    sentences.push(
      'REST API: there is no rest_api_token, so the modes update, append and delete cannot be used.',
    );
  }
  if (analyticsAuthorization !== undefined) {
    const target: Target = { api: 'analytics', baseUrl: analyticsUrl, authorization: analyticsAuthorization };
    await probeAnalytics(target, settings, ask);
    sentences.push(
      `Analytics API at ${new URL(analyticsUrl).host}: it answers and did not refuse the token, but only a write proves ` +
        'that the token is right; the first batch of a sync will.',
    );
  } else {
    sentences.push('Analytics API: there is no analytics_api_token, so events cannot be written.');
  }
  return sentences;
}

type Ask = (target: Target, path: string) => Promise<Answer>;

/** One cheap read (vitally-api.md, "Paging"), of organizations where a stream writes them. */
async function probeRest(target: Target, settings: Settings, ask: Ask): Promise<void> {
  const kind = settings.streams.some((entry) => objectNamed(entry.object)?.name === 'organization')
    ? 'organizations'
    : 'accounts';
  const path = `/resources/${kind}?limit=1`;
  const answer = await ask(target, path).catch(async (error: unknown) => {
    throw error instanceof ConfigError ? await explained(error, kind, target, settings, ask) : error;
  });
  const results = answer.kind === 'ok' && isJsonObject(answer.body) ? own(answer.body, 'results') : undefined;
  if (Array.isArray(results)) return;
  if (kind === 'organizations' && answer.kind !== 'ok') throw organizationsOff(target, answer.status);
  throw new ConfigError(
    `${hostOf(target)} answers, but not as Vitally's REST API does (HTTP ${answer.status}): check region, subdomain and ` +
      'URLs in data_center.',
  );
}

/** Why Vitally refused: organizations are switched off, or the token is in the wrong field; else the refusal itself. */
async function explained(
  refusal: ConfigError,
  kind: 'organizations' | 'accounts',
  target: Target,
  settings: Settings,
  ask: Ask,
): Promise<ConfigError> {
  if (kind === 'organizations') {
    const accounts = await answerOrNothing(target, ACCOUNTS_PATH, ask);
    if (accounts?.kind === 'ok') return organizationsOff(target, 403);
  }
  if (!mayCross(settings) || !(await isAnalyticsToken(settings, ask))) return refusal;
  return new ConfigError(
    'rest_api_token holds a token of the Analytics API; the REST API has its own, under Settings > Integrations > ' +
      'Vitally REST API.',
    { cause: refusal },
  );
}

function organizationsOff(target: Target, status: number): ConfigError {
  return new ConfigError(
    `Vitally at ${hostOf(target)} does not give out organizations (HTTP ${status}): they may be switched off in this ` +
      'workspace. Remove the streams of object organization, or ask Vitally to switch them on.',
  );
}

function hostOf(target: Target): string {
  return new URL(target.baseUrl).host;
}

/** Only reads: Vitally refuses a wrong token first, and the method afterwards. */
async function probeAnalytics(target: Target, settings: Settings, ask: Ask): Promise<void> {
  const token = restFormOf(target.authorization);
  const refusal = await ask(target, ANALYTICS_PATH).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!mayCross(settings)) {
    if (refusal !== undefined) throw refusal;
    return;
  }
  // Only a proxy or a sandbox takes one token at both APIs.
  const isDoubled = refusal === undefined && token === settings.restAuthorization;
  const mayBeMisplaced = refusal === undefined || refusal instanceof ConfigError;
  if (!isDoubled && mayBeMisplaced && (await isRestToken(token, settings, ask))) {
    throw new ConfigError(
      'analytics_api_token holds a token of the REST API; the Analytics API has its own, under Settings > Integrations > ' +
        'Vitally Analytics API.',
      { cause: refusal },
    );
  }
  if (refusal !== undefined) throw refusal;
}

/**
 * Whether a token may be tried at the other API: only where both are Vitally's or have the same origin. With `custom`
 * they may belong to different parties, and a token goes to its own API alone (Contract 10).
 */
function mayCross({ region, restUrl, analyticsUrl }: Settings): boolean {
  return region !== 'custom' || new URL(restUrl).origin === new URL(analyticsUrl).origin;
}

/** Whether the REST API takes this token, but not every token. */
async function isRestToken(authorization: string, settings: Settings, ask: Ask): Promise<boolean> {
  const target: Target = { api: 'rest', baseUrl: settings.restUrl, authorization };
  if ((await answerOrNothing(target, ACCOUNTS_PATH, ask))?.kind !== 'ok') return false;
  return (await answerOrNothing({ ...target, authorization: NONSENSE }, ACCOUNTS_PATH, ask))?.kind !== 'ok';
}

/** Whether the REST token, refused by the REST API, is one that the Analytics API takes. */
async function isAnalyticsToken(settings: Settings, ask: Ask): Promise<boolean> {
  const baseUrl = settings.analyticsUrl;
  const authorization = analyticsFormOf(settings.restAuthorization ?? '');
  if (
    (await answerOrNothing({ api: 'analytics', baseUrl, authorization }, ANALYTICS_PATH, ask)) === undefined
  ) {
    return false;
  }
  // An API that refuses no reader tells nothing about the token.
  const nonsense: Target = { api: 'analytics', baseUrl, authorization: NONSENSE };
  return (await answerOrNothing(nonsense, ANALYTICS_PATH, ask)) === undefined;
}

/** The answer to a token that is tried at an API; `undefined` where it is refused or no answer comes. */
async function answerOrNothing(target: Target, path: string, ask: Ask): Promise<Answer | undefined> {
  try {
    return await ask(target, path);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof TransientError) return undefined;
    throw error;
  }
}

function restFormOf(analyticsAuthorization: string): string {
  const token = analyticsAuthorization.replace(/^Basic /, '');
  return `Basic ${Buffer.from(`${token}:`).toString('base64')}`;
}

function analyticsFormOf(restAuthorization: string): string {
  const token = Buffer.from(restAuthorization.replace(/^Basic /, ''), 'base64').toString();
  return `Basic ${token.replace(/:$/, '')}`;
}

async function askOnce(prober: Prober, target: Target, path: string): Promise<Answer> {
  const client = probingClient(prober, target);
  try {
    return await client.send({ method: 'GET', path });
  } finally {
    await client.close();
  }
}
