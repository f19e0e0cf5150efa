import { addFault, type Findings } from '../../errors/findings.ts';
import { type GivenToken, TOKEN_VARIABLES } from '../environment-tokens.ts';
import { tokenFault, unwrapSecretToken, unwrapToken } from './pasted-token.ts';

/** How secret tokens of the REST API begin (vitally-api.md, "Authentication"). */
const REST_TOKEN_PREFIX = 'sk_live_';

const WHERE_REST = 'Settings > Integrations > Vitally REST API';
const WHERE_ANALYTICS = 'Settings > Integrations > Vitally Analytics API > Integrate via HTTPS API';

export interface Credentials {
  /** Values of the `Authorization` header; `undefined` where there is no (sound) token. */
  readonly restAuthorization: string | undefined;
  readonly analyticsAuthorization: string | undefined;
  /** Every form of every token that may turn up in a text, for redaction: also of one that was at fault. */
  readonly secrets: readonly string[];
}

/** A token as the header takes it. */
export interface Credential {
  readonly authorization: string;
  readonly fault: string | undefined;
  readonly secrets: readonly string[];
}

/** The two tokens; what is not text counts as absent, and an empty text too. Faults go to `findings`. */
export function parseCredentials(
  restGiven: GivenToken,
  analyticsGiven: GivenToken,
  findings: Findings,
  options: { readonly mayBeSame?: boolean } = {},
): Credentials {
  const [restPasted, analyticsPasted] = [restGiven.value, analyticsGiven.value];
  const rest = isGiven(restPasted) ? restCredential(restPasted) : undefined;
  const analytics = isGiven(analyticsPasted) ? analyticsCredential(analyticsPasted) : undefined;
  if (isAbsent(restPasted) && isAbsent(analyticsPasted)) {
    addFault(
      findings,
      '/rest_api_token',
      `the config has no token. Give the REST API token here (in Vitally under ${WHERE_REST}), ` +
        `or the Analytics API token as analytics_api_token (under ${WHERE_ANALYTICS}), or both; ` +
        `the environment's ${TOKEN_VARIABLES.rest_api_token} and ${TOKEN_VARIABLES.analytics_api_token} are taken too`,
    );
  }
  if (rest?.fault !== undefined) addFault(findings, restGiven.place, rest.fault);
  const isDoubled = options.mayBeSame !== true && isSame(restPasted, analyticsPasted);
  const fault = analytics?.fault ?? (isDoubled ? SAME_TOKEN : undefined);
  if (fault !== undefined) addFault(findings, analyticsGiven.place, fault);
  return {
    restAuthorization: rest?.authorization,
    analyticsAuthorization: analytics?.authorization,
    secrets: [...new Set([...(rest?.secrets ?? []), ...(analytics?.secrets ?? [])])],
  };
}

/**
 * The REST API takes the secret token as user of Basic authentication, with no password (vitally-api.md,
 * "Authentication"). Its settings page shows both the token and a ready-made header, so either may be pasted, in full
 * or in part.
 */
export function restCredential(pasted: string): Credential {
  const { token, forms } = unwrapSecretToken(pasted);
  const encoded = Buffer.from(`${token}:`).toString('base64');
  const fault = token.includes(':')
    ? 'has a colon inside, as user:password has; paste the secret token alone'
    : tokenFault(token);
  return { authorization: `Basic ${encoded}`, fault, secrets: secretForms([pasted.trim(), ...forms]) };
}

/**
 * The Analytics API takes the token as its settings page shows it, not encoded once more (vitally-api.md,
 * "Authentication").
 */
export function analyticsCredential(pasted: string): Credential {
  const token = unwrapToken(pasted);
  const { token: innermost, forms } = unwrapSecretToken(pasted);
  const fault = innermost.startsWith(REST_TOKEN_PREFIX)
    ? `holds a token of the REST API, which belongs in rest_api_token; the Analytics API has its own, under ${WHERE_ANALYTICS}`
    : tokenFault(token);
  return { authorization: `Basic ${token}`, fault, secrets: secretForms([pasted.trim(), ...forms]) };
}

const SAME_TOKEN =
  'is the same token as rest_api_token, but each API has its own: ' +
  `this one is under ${WHERE_ANALYTICS}, the other under ${WHERE_REST}`;

function isSame(rest: unknown, analytics: unknown): boolean {
  if (!isGiven(rest) || !isGiven(analytics)) return false;
  return unwrapSecretToken(rest).token === unwrapSecretToken(analytics).token;
}

function isGiven(pasted: unknown): pasted is string {
  return typeof pasted === 'string' && pasted.trim() !== '';
}

/** Neither given nor of a wrong type, which is a fault of its own. */
function isAbsent(pasted: unknown): boolean {
  return pasted === undefined || (typeof pasted === 'string' && !isGiven(pasted));
}

/** Each form as it is and as Basic authentication encodes it: padded, unpadded, and in the URL's alphabet. */
function secretForms(forms: readonly string[]): readonly string[] {
  const encoded = forms.flatMap((form) => {
    const bytes = Buffer.from(`${form}:`);
    const base64 = bytes.toString('base64');
    return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url')];
  });
  return [...new Set([...forms, ...encoded])].filter((form) => form !== '');
}
