import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/errors/config-error.ts';
import { TransientError } from '../../../../src/errors/transient-error.ts';
import { withColumnOverview } from '../../../../src/pipeline/streams/column-overview.ts';
import { StreamMapper } from '../../../../src/pipeline/streams/stream-mapper.ts';
import { sourceOf } from '../../../../src/protocol/input/message-source.ts';
import type { InputMessage, RecordMessage } from '../../../../src/protocol/messages.ts';
import { routeOf } from '../../../support/routes.ts';

const ROW: RecordMessage = {
  type: 'RECORD',
  line: 1,
  raw: '{}',
  stream: { name: 'rows', namespace: undefined },
  data: { externalId: '1', tier: 'x' },
  nulled: new Set(),
};

async function* input(...messages: readonly InputMessage[]): AsyncGenerator<InputMessage> {
  yield* messages;
}

/** What is said before the messages have passed. */
async function saidOf(mapper: StreamMapper): Promise<string[]> {
  const said: string[] = [];
  const source = sourceOf(input(ROW));
  const messages = withColumnOverview(source, [mapper], async (line) => void said.push(line));
  expect(await messages.next()).toBe(ROW);
  expect(said).toHaveLength(1);
  expect(await messages.next()).toBeUndefined();
  return said;
}

test.each([new ConfigError('refused'), new TransientError('down')])(
  'traits that cannot be read ($name) end the run at a row that needs them, and are asked for once',
  async (error) => {
    let asked = 0;
    const mapper = new StreamMapper(routeOf('account', { listedColumns: new Set(['tier']) }), async () => {
      asked++;
      throw error;
    });
    expect(await saidOf(mapper)).toEqual([expect.stringContaining('"tier" → trait tier')]);
    await expect(async () => await mapper.map(ROW)).rejects.toThrow(error);
    expect(asked).toBe(1);
  },
);

test('what else fails is not held back', async () => {
  const route = routeOf('account', { listedColumns: new Set(['tier']) });
  await expect(saidOf(new StreamMapper(route, () => Promise.reject(new Error('bug'))))).rejects.toThrow(
    'bug',
  );
});
