import { ConfigError } from '../../errors/config-error.ts';
import { TransientError } from '../../errors/transient-error.ts';
import type { TraitNames } from '../../mapping/trait-names.ts';
import type { InputMessage } from '../../protocol/messages.ts';
import { columnMap, dependsOnTraits } from '../../report/column-map.ts';
import type { StreamMapper } from './stream-mapper.ts';

/**
 * Passes the messages on, and says before the first record where each stream's columns go. What Vitally knows of traits is
 * read then, since the first rows need it too; a run without records asks nothing.
 *
 * @param say prints one line
 */
export async function* withColumnOverview(
  messages: AsyncIterable<InputMessage>,
  mappers: readonly StreamMapper[],
  say: (line: string) => Promise<void>,
): AsyncGenerator<InputMessage> {
  let isTold = false;
  for await (const message of messages) {
    if (!isTold && message.type === 'RECORD') {
      isTold = true;
      for (const line of await Promise.all(mappers.map(lineWithTraits))) await say(line);
    }
    yield message;
  }
  if (!isTold) for (const { route } of mappers) await say(columnMap(route));
}

async function lineWithTraits(mapper: StreamMapper): Promise<string> {
  const { route } = mapper;
  return columnMap(route, dependsOnTraits(route) ? await traitsIfRead(mapper) : undefined);
}

/** What can't be read ends the run at a row that needs it, which is told the same; a stream may bring no such row. */
async function traitsIfRead(mapper: StreamMapper): Promise<TraitNames | undefined> {
  try {
    return await mapper.knownTraits();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof TransientError) return undefined;
    throw error;
  }
}
