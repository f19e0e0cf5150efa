/**
 * Whether an address with this host, as WHATWG URLs spell it, never leaves the machine. All names under `localhost` are
 * the machine itself (RFC 6761, section 6.3).
 */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
