import type { JsonObject, JsonValue } from '../../json/json.ts';
import { objectByName } from '../../objects/index.ts';
import type { Association, VitallyObject } from '../../objects/object.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import { isRecordAssociation } from '../associations/record-association.ts';
import { changesOf } from '../rest/changes.ts';
import { shown, shownIds } from '../rest/shown-value.ts';

/** What the messages of a record said together, the later ones over the earlier. */
export interface Said {
  readonly object: VitallyObject;
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly traits: ReadonlyMap<string, JsonValue>;
}

/** Whether a record, as REST shows it, holds all that messages said of it, what they tie it to among it. */
export async function showsMessage(
  recordCache: RecordCache,
  { object, fields, traits }: Said,
  record: JsonObject,
): Promise<boolean> {
  const isTie = ([name]: readonly [string, JsonValue]): boolean =>
    object.fields[name]?.association !== undefined;
  const plain = new Map([...fields].filter((entry) => !isTie(entry) && entry[0] !== 'externalId'));
  if (changesOf(object, record, { fields: plain, traits }).size > 0) return false;
  for (const [name, value] of [...fields].filter(isTie)) {
    const held = new Set([shown(object, record, name), shownIds(object, record, name)].flat());
    const collection = collectionOf(object.fields[name]?.association);
    for (const id of [value].flat()) {
      if (id === null || collection === undefined) continue;
      const finding = await recordCache.find(collection, 'either', String(id));
      if (finding.kind !== 'found' || !held.has(finding.record.id)) return false;
    }
  }
  return true;
}

function collectionOf(association: Association | undefined): Collection | undefined {
  return isRecordAssociation(association) ? objectByName(association).rest : undefined;
}
