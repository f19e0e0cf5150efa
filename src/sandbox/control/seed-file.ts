import { Refusal } from '../answer.ts';
import type { Context } from '../context.ts';
import { isObject, type JsonValue } from '../json.ts';
import { REST_RESOURCES } from '../rest/registry.ts';
import { seed } from './seed.ts';

/** What of a seed cannot be put in. */
export interface SeedFault {
  /** Names and indexes that lead to it, e.g. `['accounts', 3]`. */
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly fix: string;
}

export interface SeedReport {
  /** Objects that were put in. */
  readonly put: number;
  readonly faults: readonly SeedFault[];
}

/** A seed that cannot be put in whole. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
  readonly faults: readonly SeedFault[];

  constructor(faults: readonly SeedFault[]) {
    super(`the seed has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`);
    this.faults = faults;
  }
}

/** These go first, in this order, because others name them; those that nothing names follow in the order of the file. */
const NAMED_BY_OTHERS = [
  'customObjects',
  'customFields',
  'admins',
  'noteCategories',
  'taskCategories',
  'projectCategories',
  'projectTemplates',
  'projectStatuses',
  'organizations',
  'accounts',
  'users',
  'surveys',
  'surveyQuestions',
  'meetings',
  'conversations',
];
const KINDS: readonly string[] = [...REST_RESOURCES.keys(), 'events'];
/** What people call them, besides the paths of the API. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  teammembers: 'admins',
  traits: 'customFields',
  templates: 'projectTemplates',
  nps: 'npsResponses',
  customobjectinstances: 'instances',
  records: 'instances',
};

/** Puts in everything that is sound: an object whose keys are kinds of records, each with an array of them. */
export function seedWhole(context: Context, content: JsonValue): SeedReport {
  if (!isObject(content))
    return {
      put: 0,
      faults: [fault([], 'a seed is a JSON object', 'write {"accounts": […], "users": […]}')],
    };
  const faults: SeedFault[] = [];
  let put = 0;
  for (const { name, kind, objects } of inOrder(Object.entries(content))) {
    if (kind === undefined) faults.push(unknownKind(name));
    else if (!Array.isArray(objects))
      faults.push(fault([name], 'the records of a kind are an array', `write "${name}": [{…}, {…}]`));
    else
      for (const [index, object] of objects.entries()) {
        const found = attempt(context, kind, object, [name, index]);
        if (found === undefined) put += 1;
        else faults.push(found);
      }
  }
  return { put, faults };
}

function inOrder(entries: readonly (readonly [string, JsonValue])[]) {
  const rank = (kind: string | undefined) => {
    const at = NAMED_BY_OTHERS.indexOf(kind ?? '');
    return at < 0 ? NAMED_BY_OTHERS.length : at;
  };
  return entries
    .filter(([name]) => name !== '$schema')
    .map(([name, objects]) => ({ name, objects, kind: kindOf(name) }))
    .toSorted((left, right) => rank(left.kind) - rank(right.kind));
}

/** A kind by its path, whatever its case, `_`, `-` and blanks, or by another name of it. */
function kindOf(name: string): string | undefined {
  const plain = plainName(name);
  return (
    KINDS.find((kind) => plainName(kind) === plain || plainName(kind) === `${plain}s`) ?? OTHER_NAMES[plain]
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s-]/g, '');
}

function attempt(
  context: Context,
  kind: string,
  object: JsonValue,
  path: readonly (string | number)[],
): SeedFault | undefined {
  try {
    seed(context, kind, [object]);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof RangeError)) throw error;
    const problem = isObject(object) ? error.message : 'a record is a JSON object';
    return fault(path, problem, remedyFor(problem));
  }
}

function remedyFor(problem: string): string {
  if (/\bis required\b|\bMust specify\b/.test(problem)) return 'add it';
  if (/\bis taken\b/.test(problem)) return 'give it another one, or leave one of the two out';
  if (/\bnot (?:an? |one of )|\bnot found\b/.test(problem))
    return 'name one that is in this file: by its externalId, a team member by e-mail, others by name';
  return 'correct the value';
}

function unknownKind(name: string): SeedFault {
  return fault([name], 'there are no records of this kind', `use one of ${KINDS.join(', ')}`);
}

function fault(path: readonly (string | number)[], problem: string, fix: string): SeedFault {
  return { path, problem, fix };
}
