import { SANDBOX_FLAGS } from '../command-line/sandbox-flags.ts';

export interface Started {
  readonly url: string;
  readonly restToken: string;
  readonly analyticsToken: string;
  /** Whether clients reach it over loopback, where plain HTTP needs no permission. */
  readonly loopback: boolean;
}

/** What a person reads who started the sandbox in a terminal: where the page is, and how to write into it. */
export function greeting(started: Started): string {
  const { url, loopback } = started;
  const config = {
    data_center: {
      region: 'custom',
      rest_url: url,
      analytics_url: url,
      ...(!loopback && { allow_insecure_http: true }),
    },
    rest_api_token: shownToken(started.restToken, 'rest-token'),
    analytics_api_token: shownToken(started.analyticsToken, 'analytics-token'),
  };
  return `
Look at it:     ${url}/
Stop it:        Ctrl+C; what it holds is gone then

Save this as config.json and write into it:

${JSON.stringify(config, null, 2)}

destination-vitally load accounts.csv --config config.json
destination-vitally write --config config.json --catalog catalog.json < messages.jsonl

`;
}

/** A token of the caller's own is no text for a screen. */
function shownToken(token: string, flag: 'rest-token' | 'analytics-token'): string {
  return token === SANDBOX_FLAGS[flag].default ? token : `the value of --${flag}`;
}
