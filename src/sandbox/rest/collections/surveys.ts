import { type Answer, ok } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field, type JsonObject } from '../../json.ts';
import { changeItem, createItem } from '../../store/item.ts';
import type { Item, ItemKind } from '../../store/records.ts';
import { notFound } from '../object-resource.ts';
import type { RestResource } from '../resource.ts';

/**
 * Custom surveys can only be read (vitally-api.md, "Categories, templates and surveys"), so all of them are seeded.
 */
function readOnly(path: ItemKind, title: string): RestResource {
  return {
    path,
    handle({ world, switches }, { method, segments }) {
      const [, id, more] = segments;
      if (method !== 'GET' || id === undefined || more !== undefined) return undefined;
      const item = world.items(path).byId(id);
      return item === undefined ? notFound(title, switches) : ok(shown(item));
    },
    scoped: () => undefined,
    recordKey: () => undefined,
    seed({ world }, body) {
      const id = field(body, 'id');
      const item = createItem(world.items(path), null, typeof id === 'string' ? id : undefined);
      changeItem(world, item, { fields: body });
    },
  };
}

export const surveyResponses = readOnly('surveyResponses', 'Survey response');
export const surveyQuestions = readOnly('surveyQuestions', 'Survey question');

/** The responses of a survey, all in `data`: no paging is documented for them. */
export const surveys: RestResource = {
  path: 'surveys',
  handle(context, { method, segments }) {
    const [, surveyId, below, more] = segments;
    if (method !== 'GET' || below !== 'responses' || more !== undefined) return undefined;
    return responsesOf(context, surveyId);
  },
  scoped: () => undefined,
  recordKey: () => undefined,
  seed: (context, body) => surveyResponses.seed(context, body),
};

function responsesOf({ world }: Context, surveyId: string | undefined): Answer {
  const responses = [...world.items('surveyResponses').all()].map(shown);
  return ok({ data: responses.filter((response) => field(response, 'surveyId') === surveyId) });
}

function shown(item: Item): JsonObject {
  return {
    ...Object.fromEntries(item.fields),
    id: item.id,
    createdAt: new Date(item.createdAtMs).toISOString(),
    updatedAt: new Date(item.updatedAtMs).toISOString(),
  };
}
