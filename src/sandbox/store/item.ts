import type { JsonObject } from '../json.ts';
import type { Item } from './records.ts';
import type { Table } from './table.ts';
import { mergeTraits } from './traits.ts';
import type { World } from './world.ts';
import { learnTraits } from './written-traits.ts';

export interface ItemChanges {
  /** A field that is left out stays as it is, `null` empties it. */
  readonly fields: JsonObject;
  readonly traits?: JsonObject | undefined;
}

/** @param id Vitally's, a fresh one where it is left out. */
export function createItem(home: Table<Item>, externalId: string | null, id?: string): Item {
  const item: Item = { ...home.identity(externalId, id), home, fields: new Map(), archivedAtMs: null };
  home.add(item);
  return item;
}

export function changeItem(world: World, item: Item, changes: ItemChanges): void {
  world.journal.write(world.kindOf(item.home), item, () => {
    for (const id of references(item)) world.itemsByReference.remove(id, item);
    for (const [name, value] of Object.entries(changes.fields)) item.fields.set(name, value);
    for (const id of references(item)) world.itemsByReference.add(id, item);
    const owner = world.traitOwners.get(item.home);
    if (owner !== undefined) learnTraits(world, owner, changes.traits);
    mergeTraits(item.traits, changes.traits);
    item.home.touch(item);
  });
}

export function renameItem(world: World, item: Item, externalId: string | null): void {
  world.journal.write(world.kindOf(item.home), item, () => {
    item.home.forget(item);
    item.externalId = externalId;
    item.home.remember(item);
  });
}

/** A soft delete: the record stays readable by its id. */
export function archiveItem(world: World, item: Item): void {
  const kind = world.kindOf(item.home);
  world.journal.write(kind, item, () => {
    item.home.touch(item);
    item.archivedAtMs = item.updatedAtMs;
  });
  world.journal.deleted(kind, item);
}

export function deleteItem(world: World, item: Item): void {
  for (const id of references(item)) world.itemsByReference.remove(id, item);
  item.home.delete(item);
  world.journal.deleted(world.kindOf(item.home), item);
}

/** Deletes what refers to the deleted record by this field (vitally-api.md, "Accounts"). */
export function deleteReferring(world: World, field: string, id: string): void {
  for (const item of [...world.itemsByReference.get(id)])
    if (item.fields.get(field) === id) deleteItem(world, item);
}

/** A field's text, `undefined` where it is empty. */
export function itemText(item: Item, name: string): string | undefined {
  const value = item.fields.get(name);
  return typeof value === 'string' ? value : undefined;
}

function references(item: Item): string[] {
  const ids: string[] = [];
  for (const [name, value] of item.fields)
    if (name.endsWith('Id') && typeof value === 'string') ids.push(value);
  return ids;
}
