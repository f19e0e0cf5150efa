import { ConfigError } from '../../errors/config-error.ts';
import { TransientError } from '../../errors/transient-error.ts';
import type { TraitNames } from '../../mapping/trait-names.ts';
import type { MessageSource } from '../../protocol/input/message-source.ts';
import type { InputMessage } from '../../protocol/messages.ts';
import { columnMap, dependsOnTraits } from '../../report/column-map.ts';
import type { StreamMapper } from './stream-mapper.ts';

/**
 * Passes the messages on, and says before the first record where each stream's columns go. What Vitally knows of traits is
 * read then, since the first rows need it too; a run without records asks nothing.
 *
 * @param say prints one line
 */
export function withColumnOverview(
  messages: MessageSource,
  mappers: readonly StreamMapper[],
  say: (line: string) => Promise<void>,
): MessageSource {
  let isTold = false;
  const told = async (message: InputMessage | undefined): Promise<InputMessage | undefined> => {
    if (message !== undefined && message.type !== 'RECORD') return message;
    isTold = true;
    const lines =
      message === undefined
        ? mappers.map(({ route }) => columnMap(route))
        : await Promise.all(mappers.map(lineWithTraits));
    for (const line of lines) await say(line);
    return message;
  };
  return {
    next() {
      const next = messages.next();
      if (isTold) return next;
      return next instanceof Promise ? next.then(told) : told(next);
    },
    close: () => messages.close(),
  };
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
