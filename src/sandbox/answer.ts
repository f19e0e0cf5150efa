import type { JsonValue } from './json.ts';

/** What an endpoint answers. `body` is `undefined` for an empty one. */
export interface Answer {
  readonly status: number;
  readonly body: JsonValue | undefined;
}

/** An endpoint refuses the request: becomes the API's error envelope. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export function ok(body: JsonValue, status = 200): Answer {
  return { status, body };
}

export const NO_CONTENT: Answer = { status: 204, body: undefined };
