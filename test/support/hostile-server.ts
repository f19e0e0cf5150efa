import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Said {
  readonly authorization: string;
  readonly path: string;
  readonly body: string;
}

/** An answer that quotes what it was sent; `undefined` breaks the protocol with it. */
export interface Quote {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export type Answering = (said: Said, request: number) => Quote | undefined;

/** A server that answers as it is told to. */
export async function serverThat(answering: Answering): Promise<{ readonly url: string }> {
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const said = {
      authorization: request.headers.authorization ?? '',
      path: request.url ?? '',
      body: Buffer.concat(chunks).toString(),
    };
    const quote = answering(said, requests++);
    if (quote === undefined) {
      response.socket?.end(`HTTP/1.1 ${said.authorization}\r\n${said.body}\r\n\r\n`);
      return;
    }
    const echo = encodeURIComponent(said.body.slice(0, 200));
    response.writeHead(quote.status, {
      'content-type': quote.type,
      'x-echo': echo,
      'x-token': said.authorization,
    });
    response.end(quote.text);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string')
    throw new TypeError('the server listens on a TCP port');
  return { url: `http://127.0.0.1:${address.port}` };
}

const JSON_TYPE = 'application/json';

/** Ways to quote a request in an error's text. */
export const QUOTES: readonly ((said: Said) => Omit<Quote, 'status'>)[] = [
  ({ body }) => ({ type: JSON_TYPE, text: JSON.stringify({ error: `Validation failed: ${body}` }) }),
  ({ authorization, body }) => ({
    type: JSON_TYPE,
    text: JSON.stringify({ message: `${authorization} sent ${body}` }),
  }),
  ({ body }) => ({
    type: JSON_TYPE,
    text: JSON.stringify({ errors: [{ message: `name is not valid: ${body}` }] }),
  }),
  ({ authorization, body }) => ({
    type: 'text/html',
    text: `<html><body>${authorization}: ${body}</body></html>`,
  }),
  ({ path, body }) => ({ type: 'text/plain', text: `${path} ${body.toUpperCase()}` }),
  ({ authorization, path }) => ({
    type: JSON_TYPE,
    text: JSON.stringify({ error: { message: `${authorization} at ${path}` } }),
  }),
  ({ body }) => ({ type: JSON_TYPE, text: `{"error": "no JSON, ${body}` }),
];
