/**
 * A server that takes everything and keeps nothing, so that millions of rows fit: `node bench/cost/server.js`. It prints
 * its address. The sandbox keeps what it is sent.
 */
import { createServer } from 'node:http';

const headers = {
  'content-type': 'application/json',
  'ratelimit-limit': '1000000;window=60',
  'ratelimit-remaining': '999999',
  'ratelimit-reset': '60',
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, headers);
    response.end(answerTo(request, chunks));
  });
});

function answerTo({ method, url }, chunks) {
  if (url.startsWith('/analytics')) return '{"message":"Success."}';
  if (method === 'GET') return '{"results":[],"next":null}';
  const body = JSON.parse(Buffer.concat(chunks).toString());
  const now = new Date().toISOString();
  return JSON.stringify({
    id: `7d9f2a1c-0000-4000-8000-${idOf(body.externalId)}`,
    createdAt: now,
    updatedAt: now,
    ...body,
  });
}

function idOf(externalId) {
  return String(externalId).replace(/\D/g, '').padStart(12, '0');
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
