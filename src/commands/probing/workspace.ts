import { TransientError } from '../../errors/transient-error.ts';
import { own } from '../../json/guards.ts';
import { OBJECTS } from '../../objects/index.ts';
import type { CustomObjectDefinition, TraitField } from '../../objects/schema.ts';
import { SendAborted } from '../../vitally/http/send-aborted.ts';
import { NamedLists } from '../../vitally/records/named-lists.ts';
import { type KnownTrait, KnownTraits } from '../../vitally/traits/known-traits.ts';
import { type Prober, probingClient } from './probing-client.ts';

/** Airbyte ends a discover after 9 minutes (Airbyte platform, workload timeouts). */
const DEADLINE_MS = 120_000;

/** A mapping screen with more entries would be useless; the first ones by name or path are shown. */
const MAX_CUSTOM_OBJECTS = 200;
const MAX_TRAITS = 1_000;

/** Objects whose traits are offered one by one. */
const WITH_TRAITS = ['organization', 'account', 'user'];

/** What one workspace has besides the objects that every workspace has. */
export interface Workspace {
  /** By object, in the order of their paths. */
  readonly traits: ReadonlyMap<string, readonly TraitField[]>;
  /** In the order of their names. */
  readonly customObjects: readonly CustomObjectDefinition[];
}

const FIELD_TYPES = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  select: 'text',
  multiselect: 'texts',
  json: 'text',
  unknown: 'text',
} as const satisfies Record<KnownTrait['type'], TraitField['type']>;

/**
 * Reads the workspace's traits and custom objects; without a REST token there are none.
 *
 * @throws ConfigError for a fault of token, region or subdomain
 * @throws TransientError when Vitally can't be reached or takes too long
 */
export async function readWorkspace(prober: Prober): Promise<Workspace> {
  const { settings } = prober;
  if (settings.restAuthorization === undefined) return { traits: new Map(), customObjects: [] };
  const client = probingClient(
    prober,
    { api: 'rest', baseUrl: settings.restUrl, authorization: settings.restAuthorization },
    AbortSignal.timeout(DEADLINE_MS),
  );
  const known = new KnownTraits((request) => client.send(request));
  const named = new NamedLists((request) => client.send(request));
  try {
    return { traits: await traitsByObject(known), customObjects: await customObjects(named, known) };
  } catch (error) {
    if (!(error instanceof SendAborted)) throw error;
    const seconds = DEADLINE_MS / 1000;
    throw new TransientError(`Vitally's traits and custom objects could not be read within ${seconds} s.`, {
      cause: error,
    });
  } finally {
    await client.close();
  }
}

async function traitsByObject(known: KnownTraits): Promise<Map<string, readonly TraitField[]>> {
  const objects = OBJECTS.filter(({ name }) => WITH_TRAITS.includes(name));
  const entries = objects.map(async ({ name, traitModel = '', fields }) => {
    const traits = (await known.of(traitModel)).filter(({ path }) => fields[path]?.in !== 'traits');
    return [name, fieldsOf(traits)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** vitally-api.md, "Custom objects". */
async function customObjects(named: NamedLists, known: KnownTraits): Promise<CustomObjectDefinition[]> {
  const ids = new Map<string, string>();
  for (const definition of await named.all('/resources/customObjects')) {
    const [id, name] = [own(definition, 'id'), own(definition, 'name')];
    if (typeof id === 'string' && typeof name === 'string' && name !== '') ids.set(name, id);
  }
  const first = [...ids].sort(([one], [other]) => order(one, other)).slice(0, MAX_CUSTOM_OBJECTS);
  const definitions = first.map(async ([name, id]) => ({
    name,
    traits: fieldsOf(await known.of('customObjects', id)),
  }));
  return await Promise.all(definitions);
}

function fieldsOf(traits: readonly KnownTrait[]): TraitField[] {
  return [...traits]
    .sort((one, other) => order(one.path, other.path))
    .slice(0, MAX_TRAITS)
    .map(({ path, label, type }) => ({ path, label: label === '' ? path : label, type: FIELD_TYPES[type] }));
}

/** An order that does not depend on the language of the machine. */
function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
