/**
 * The least that a program does on the same path, to measure `write` by: it splits lines, parses each with JSON.parse,
 * makes a message or a body of it and posts it, with no check, no count, no retry and no acknowledgement.
 *
 * `node bench/cost/bare.js analytics|rest URL <rows`, as Airbyte messages
 */
import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

const IN_FLIGHT = 8;
const BATCH_MESSAGES = 100;

const [path, url] = process.argv.slice(2);
const pool = new Pool(url, { connections: IN_FLIGHT, pipelining: 1 });
const headers = { authorization: 'Basic dG9rZW46', 'content-type': 'application/json' };
const onWire = new Set();

async function post(target, body) {
  while (onWire.size >= IN_FLIGHT) await Promise.race(onWire);
  const sent = pool.request({ method: 'POST', path: target, headers, body }).then(async (answer) => {
    const shown = await answer.body.json();
    if (answer.statusCode !== 200) throw new Error(JSON.stringify(shown));
    onWire.delete(sent);
  });
  onWire.add(sent);
}

let batch = [];
async function row({ stream, data }) {
  if (path === 'rest') {
    const { id, name, ...traits } = data;
    await post('/resources/accounts', JSON.stringify({ externalId: id, name, traits }));
    return;
  }
  batch.push(messageOf(stream, data));
  if (batch.length < BATCH_MESSAGES) return;
  const body = JSON.stringify(batch);
  batch = [];
  await post('/analytics/v1/batch', body);
}

function messageOf(stream, data) {
  if (stream === 'events') {
    const { id, event, account_id: accountId, timestamp, ...properties } = data;
    return { type: 'track', messageId: id, event, accountId, timestamp, properties };
  }
  const { id, ...traits } = data;
  return { type: 'account', accountId: id, messageId: randomUUID(), traits };
}

let rest = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    if (message.type === 'RECORD') await row(message.record);
  }
}
if (batch.length > 0) await post('/analytics/v1/batch', JSON.stringify(batch));
await Promise.all(onWire);
process.exit(0);
