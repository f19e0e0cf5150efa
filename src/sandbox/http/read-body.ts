import type { IncomingMessage } from 'node:http';

export const MAX_BODY_BYTES = 5_000_000;

/** The whole body as text; `too_large` for one above {@link MAX_BODY_BYTES}, which is read to its end and not kept. */
export async function readBody(request: IncomingMessage): Promise<Buffer | 'too_large'> {
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bodyBytes += chunk.length;
    if (bodyBytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bodyBytes > MAX_BODY_BYTES ? 'too_large' : Buffer.concat(chunks);
}
