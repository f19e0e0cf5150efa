import { Client, type Dispatcher } from 'undici';
import type { Sandbox } from '../../../src/sandbox/index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The text as JSON, `undefined` for an empty one. */
  readonly body: unknown;
}

export interface Call {
  readonly method?: Dispatcher.HttpMethod;
  readonly body?: unknown;
  /** Sent as it is in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const REST_AUTHORIZATION = `Basic ${Buffer.from('rest-token:').toString('base64')}`;
export const ANALYTICS_AUTHORIZATION = 'Basic analytics-token';

/** A plain HTTP client of one sandbox: one connection a call. */
export class Api {
  readonly #url: string;
  readonly #timeoutMs: number;

  constructor(url: string, timeoutMs = 5_000) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  async raw(path: string, { method = 'GET', body, text, headers = {} }: Call = {}): Promise<Reply> {
    const client = new Client(this.#url, { bodyTimeout: this.#timeoutMs, headersTimeout: this.#timeoutMs });
    try {
      const sent = text ?? (body === undefined ? null : JSON.stringify(body));
      const answer = await client.request({ path, method, headers, body: sent });
      const received = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: received,
        body: received === '' ? undefined : parsed(received),
      };
    } finally {
      await client.destroy();
    }
  }

  #json(authorization: string, path: string, call: Call): Promise<Reply> {
    const headers = { authorization, 'content-type': 'application/json', ...call.headers };
    return this.raw(path, { ...call, headers });
  }

  get(path: string): Promise<Reply> {
    return this.#json(REST_AUTHORIZATION, `/resources${path}`, {});
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.#json(REST_AUTHORIZATION, `/resources${path}`, { method: 'POST', body });
  }

  put(path: string, body: unknown): Promise<Reply> {
    return this.#json(REST_AUTHORIZATION, `/resources${path}`, { method: 'PUT', body });
  }

  delete(path: string): Promise<Reply> {
    return this.#json(REST_AUTHORIZATION, `/resources${path}`, { method: 'DELETE' });
  }

  analytics(endpoint: string, body: unknown): Promise<Reply> {
    return this.#json(ANALYTICS_AUTHORIZATION, `/analytics/v1/${endpoint}`, { method: 'POST', body });
  }

  /** A control of the sandbox itself. */
  control(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<Reply> {
    return this.raw(`/sandbox/${path}`, { method, body });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value at a path of property names and indexes. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** Vitally's id of the record that a reply shows. */
export function idOf(reply: Reply): string {
  return String(at(reply.body, 'id'));
}

/** One account and one user of it, put in without requests. */
export function seedCouple(sandbox: Sandbox): void {
  sandbox.seed('organizations', [{ externalId: 'o1', name: 'Org' }]);
  sandbox.seed('accounts', [
    { externalId: 'a1', name: 'Acme', organizationId: 'o1', traits: { plan: 'pro' } },
  ]);
  sandbox.seed('users', [
    { externalId: 'u1', email: 'Ann@acme.test', accountIds: ['a1'], traits: { role: 'admin' } },
  ]);
}

/** Vitally's id of a record that is there. */
export function idIn(
  sandbox: Sandbox,
  kind: 'organizations' | 'accounts' | 'users',
  externalId: string,
): string {
  return String(at(sandbox[kind].byExternalId(externalId), 'id'));
}
