import type { Environment } from './environment-tokens.ts';

/**
 * Node's switch that turns the verifying of certificates off. Tokens and rows go over these connections: it is
 * ignored (Contract 10), and taken out of the process, since Node warns of it on stderr at the first connection.
 */
export const TLS_VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** What is said of a variable that has no effect. */
export function tlsWarnings(env: Environment): readonly string[] {
  if (env[TLS_VARIABLE]?.trim() !== '0') return [];
  return [
    `the environment variable ${TLS_VARIABLE} is ignored: certificates are always verified, since tokens and rows go this ` +
      'way; to trust a certificate authority of your own, name its file in NODE_EXTRA_CA_CERTS',
  ];
}
