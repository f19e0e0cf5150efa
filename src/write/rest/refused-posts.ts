import type { Collection } from '../../vitally/records/record-cache.ts';
import { perRun } from '../per-run.ts';
import type { WriteContext } from './context.ts';

/** After this many answers in a row that a record "exists", a POST is no upsert in this workspace: look first. */
const REFUSALS_THAT_TEACH = 2;

/** By REST path: how often in a row a POST was refused because the record exists. */
const refusedPosts = perRun(() => new Map<string, number>());

/** Whether the answers so far say that a POST of a record that exists is refused. */
export function isPostNoUpsert(context: WriteContext, { path }: Collection): boolean {
  return (refusedPosts(context).get(path) ?? 0) >= REFUSALS_THAT_TEACH;
}

export function countRefusedPost(context: WriteContext, { path }: Collection): void {
  const counts = refusedPosts(context);
  counts.set(path, (counts.get(path) ?? 0) + 1);
}

export function forgetRefusedPosts(context: WriteContext, { path }: Collection): void {
  refusedPosts(context).set(path, 0);
}
