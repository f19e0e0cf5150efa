import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { seededRandom } from '../contract/random.ts';

/** A proxy before a server that holds every request and every answer back for a random while. */
export async function lateProxy(target: string, seed: number, maxMs: number): Promise<string> {
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
        const body = await answer.toArray();
        await sleep(random() * maxMs);
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(body));
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
