/**
 * Whether an address with this host, as WHATWG URLs spell it, never leaves the machine. Names under `localhost` are the
 * machine itself by RFC 6761, section 6.3, but some resolvers ask DNS for them: a token must not travel unencrypted on
 * that hope.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
