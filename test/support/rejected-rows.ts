import { readFile } from 'node:fs/promises';
import { catalogOf, record } from './messages.ts';

export const JOB = { WORKER_JOB_ID: '41' };
export const CATALOG = catalogOf('accounts');

export function localStore(directory: string): object {
  return { object_storage_config: { storage_type: 'Local', directory } };
}

export function good(id: number): string {
  return record('accounts', { id, name: `Account ${id}` });
}

/** A row that no account can be made of: its key is a list. */
export function bad(id: number): string {
  return record('accounts', { id: [id], name: `Account ${id}` });
}

export async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter(Boolean);
}
