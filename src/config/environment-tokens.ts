/** The environment variable that gives a token where the config lacks the option. */
export const TOKEN_VARIABLES = {
  rest_api_token: 'VITALLY_REST_API_TOKEN',
  analytics_api_token: 'VITALLY_ANALYTICS_API_TOKEN',
} as const;

type TokenOption = keyof typeof TOKEN_VARIABLES;

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface GivenToken {
  readonly value: unknown;
  /** Where it was found, for faults: a path in the config, or the variable's name. */
  readonly place: string;
}

/** A token of the config; of the environment where the config has none, or a blank one. The config wins. */
export function givenToken(
  config: Readonly<Record<string, unknown>>,
  option: TokenOption,
  env: Environment,
): GivenToken {
  const own = { value: config[option], place: `/${option}` };
  const variable = TOKEN_VARIABLES[option];
  const other = env[variable];
  return isLeftOut(own.value) && !isLeftOut(other)
    ? { value: other, place: `environment variable ${variable}` }
    : own;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
