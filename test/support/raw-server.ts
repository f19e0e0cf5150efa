import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from './loopback.ts';

/** What a connection does once a request has come; gets the number of the request, from 0. */
export type Behaviour = (socket: Socket, index: number) => void;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Requests so far, each as it came. */
  readonly requests: readonly string[];
  /** Bytes that clients have let it send. */
  sentBytes(): number;
  /** Connections that are open. */
  open(): number;
}

/** A server on the loopback interface that speaks no protocol by itself. It goes with its test. */
export async function startRaw(...behaviours: readonly Behaviour[]): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let sentBefore = 0;
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      sockets.delete(socket);
      sentBefore += socket.bytesWritten;
    });
    socket.on('data', (chunk) => {
      const text = String(chunk);
      if (!/^(?:GET|PUT|POST|DELETE) /.test(text)) return;
      requests.push(text);
      behaviours[Math.min(requests.length, behaviours.length) - 1]?.(socket, requests.length - 1);
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    sentBytes: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, sentBefore),
    open: () => sockets.size,
  };
}

/** Says a text, as it is. */
export const saying =
  (text: string | Buffer): Behaviour =>
  (socket) => {
    socket.write(text);
  };

/** Says a beginning, and then a piece again and again, as fast as it is taken. */
export const endless =
  (beginning: string, piece: string): Behaviour =>
  (socket) => {
    socket.write(beginning);
    const block = Buffer.from(piece.repeat(Math.ceil(16_384 / piece.length)));
    const on = (): void => {
      if (socket.destroyed) return;
      socket.write(block, () => setImmediate(on));
    };
    on();
  };

/** Says a beginning, and then a byte every few milliseconds. */
export const dripping =
  (beginning: string, byte: string): Behaviour =>
  (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(byte), 5);
    socket.on('close', () => clearInterval(timer));
  };

/** A whole answer with its length. */
export function answer(body: string | Buffer, status = '200 OK', headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: application/json', ...headers];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\nContent-Length: ${bytes.length}\r\n\r\n`, 'latin1'),
    bytes,
  ]);
}
