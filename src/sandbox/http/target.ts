/** What a request line asks for. */
export interface Target {
  /** As it came: not decoded, dots not resolved, for an id may be `..` or hold an encoded `/`. */
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
