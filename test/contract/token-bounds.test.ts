import { expect, test } from 'vitest';
import { answerRedactor, redactor } from '../../src/config/connection/redact.ts';
import { planRedactor } from '../../src/config/connection/redact-values.ts';
import { objectByName } from '../../src/objects/index.ts';
import { createEmitter } from '../../src/protocol/output/emit.ts';
import { FileNames } from '../../src/rejected/file-name.ts';
import { rejectionOf } from '../../src/rejected/rejection.ts';
import { createRejections } from '../../src/rejected/rejections.ts';
import type { RunStore } from '../../src/rejected/store.ts';
import { interpret } from '../../src/vitally/http/interpret.ts';
import { refusal } from '../../src/write/refusal.ts';
import { writeOf } from '../support/workspace.ts';

const TOKEN = 'sk_live_SECRETTOKENabcdef';
const SECRETS = [TOKEN, Buffer.from(`${TOKEN}:`).toString('base64')];
/** No run of eight signs of what is secret in the token may be shown, in any case. */
const SHOWN = Array.from({ length: TOKEN.length - 15 }, (_, at) =>
  TOKEN.slice(at + 8, at + 16).toLowerCase(),
);
/** Bounds at which texts are cut, in characters: the log's words, an answer's text, a key, an answer's body. */
const BOUNDS = [100, 300, 1_000, 2_000, 65_536];
const FORMS = [TOKEN, TOKEN.toUpperCase(), SECRETS[1] ?? ''];

/** Everything that comes out of a run for a row that Vitally refused with these words. */
async function outputsFor(body: string, key: string): Promise<string> {
  const out: string[] = [];
  const store: RunStore = {
    append: async (_, line) => {
      out.push(line);
    },
    flush: async () => {},
    probe: async () => {},
    close: async () => {},
    place: undefined,
  };
  const redact = redactor(SECRETS);
  const emitter = createEmitter(async (line) => {
    out.push(line);
  }, redact);
  const rejections = createRejections({
    files: new FileNames(),
    store,
    redact,
    warn: (message) => emitter.log('WARN', message),
  });
  const answer = interpret(
    { method: 'POST', path: '/resources/accounts' },
    { kind: 'answered', status: 400, headers: {}, body },
    { sentAtMs: 0, repeated: false, redact: answerRedactor(SECRETS) },
  );
  if (answer.kind === 'ok') throw new Error('an answer 400 is a refusal');
  const error = refusal(objectByName('account'), writeOf(key, {}), answer);
  const raw = JSON.stringify({ type: 'RECORD', record: { stream: 's', data: { id: key }, emitted_at: 1 } });
  await rejections.reject({ line: 1, raw, stream: { name: 's', namespace: undefined } }, key, error);
  out.push(planRedactor(SECRETS)({ key, rejection: rejectionOf(error, (text) => text) }));
  await emitter.error({ message: error.message, internalMessage: answer.text, failureType: 'config_error' });
  return out.join('\n').toLowerCase();
}

test.each(BOUNDS)('a token around %d characters is shown in no output, whole or cut', async (bound) => {
  const steps =
    bound > 2_000 ? [-30, -26, -17, -9, -1, 0] : Array.from({ length: 45 }, (_, step) => step - 42);
  for (const form of FORMS) {
    for (const step of steps) {
      const before = 'y '.repeat(bound).slice(0, bound + step);
      // As a server sends it: in its envelope, as bare text, and cut by the server itself.
      for (const body of [
        JSON.stringify({ error: `${before}${form}: no` }),
        `${before}${form}`.slice(0, bound),
      ]) {
        const shown = await outputsFor(body, `${before.slice(-900)}${form}`);
        expect(SHOWN.filter((part) => shown.includes(part))).toEqual([]);
      }
    }
  }
});
