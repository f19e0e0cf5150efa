/** The target of a request line. */
export interface Target {
  /** As it came, neither decoded nor with dots resolved, because an id may be `..` or hold an encoded `/`. */
  readonly pathname: string;
  readonly query: URLSearchParams;
}

export function parseTarget(requestTarget: string): Target {
  const queryAt = requestTarget.indexOf('?');
  if (queryAt < 0) return { pathname: requestTarget, query: new URLSearchParams() };
  return {
    pathname: requestTarget.slice(0, queryAt),
    query: new URLSearchParams(requestTarget.slice(queryAt + 1)),
  };
}
