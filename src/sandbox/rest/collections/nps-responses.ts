import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field } from '../../json.ts';
import { itemText } from '../../store/item.ts';
import type { Item, User } from '../../store/records.ts';
import { date, type FieldReader, reference, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { shownUser } from '../people/shown-relations.ts';

const REQUIRED = ['userId', 'respondedAt', 'score'];
const HIGHEST_SCORE = 10;

const score: FieldReader = (_context, body, name) => {
  const given = field(body, name);
  if (given === undefined || given === null) return given;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= HIGHEST_SCORE)
    return given;
  throw new Refusal(400, `${name} must be an integer from 0 to ${HIGHEST_SCORE}`);
};

/** The user is given by Vitally's id, and PUT needs the required fields again (vitally-api.md, "NPS responses"). */
export const npsResponses = itemResource({
  path: 'npsResponses',
  title: 'NPS response',
  table: (world) => world.items('npsResponses'),
  fields: {
    userId: reference((world) => world.users, 'a user'),
    respondedAt: date,
    score,
    feedback: text,
  },
  required: REQUIRED,
  requiredOnUpdate: REQUIRED,
  writes: 'upsert',
  listed: isOfTarget,
  scopes({ world }, parentId) {
    const users = [...world.usersOfAccount.get(parentId), ...world.usersOfOrganization.get(parentId)];
    const home = world.items('npsResponses');
    return users
      .flatMap(({ id }) => [...world.itemsByReference.get(id)])
      .filter((item) => item.home === home);
  },
  show: (context, response) => ({
    user: shownUser(context, response.fields.get('userId')),
    dismissedAt: null,
  }),
});

function userOf({ world }: Context, response: Item): User | undefined {
  return world.users.byId(itemText(response, 'userId') ?? '');
}

/** `?target=`: responses of users that have accounts, the default, or organizations. */
function isOfTarget(context: Context, response: Item, query: URLSearchParams): boolean {
  const user = userOf(context, response);
  switch (query.get('target') ?? 'accounts') {
    case 'accounts':
      return user !== undefined && user.accountIds.size > 0;
    case 'organization':
    case 'organizations':
      return user !== undefined && user.organizationIds.size > 0;
    default:
      throw new Refusal(400, 'target must be accounts or organization');
  }
}
