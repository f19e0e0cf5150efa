import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** A request as the server got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One way to answer; gets the number of the request, from 0. */
export type Reply = (response: ServerResponse, request: IncomingMessage, index: number) => void;

export interface Loopback {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  close(): Promise<void>;
}

/** A real server on 127.0.0.1 that answers each request by the next reply, the last one for good. */
export async function startLoopback(...replies: readonly Reply[]): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    // Characters may be cut between two chunks.
    request.setEncoding('utf8');
    let body = '';
    for await (const chunk of request) body += chunk;
    const index = received.length;
    received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    replies[Math.min(index, replies.length - 1)]?.(response, request, index);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Binds a server to a free port of 127.0.0.1. */
export function listen(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}

export function text(body: string, status = 200, contentType = 'application/json'): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  };
}

export const noContent: Reply = (response) => {
  response.writeHead(204);
  response.end();
};

/** Cuts the connection without a byte of an answer. */
export const reset: Reply = (_response, request) => {
  request.socket.resetAndDestroy();
};

/** Never answers. */
export const silence: Reply = () => {};

/** Promises more bytes than it sends. */
export function truncated(status = 200): Reply {
  return (response, request) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"id":"1', () => request.socket.destroy());
  };
}
