import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { seededRandom } from './random.ts';

export interface LateProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** A late proxy that goes with its test; gives its URL. */
export async function lateProxy(target: string, seed: number, maxMs: number): Promise<string> {
  const proxy = await openLateProxy(target, seed, maxMs);
  onTestFinished(() => proxy.close());
  return proxy.url;
}

/** A proxy before a server that holds every request and every answer back for a random while. */
export async function openLateProxy(target: string, seed: number, maxMs: number): Promise<LateProxy> {
  const random = seededRandom(seed);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      await sleep(random() * maxMs);
      const { method, url, headers } = incoming;
      const onward = request(`${target}${url}`, {
        method,
        headers: { ...headers, host: new URL(target).host },
      });
      onward.on('response', async (answer) => {
        const body = await answer.toArray().catch(() => undefined);
        if (body === undefined) return void outgoing.destroy();
        await sleep(random() * maxMs);
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(body));
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
