import type { Sandbox } from '../src/sandbox/index.ts';

type Snapshot = ReturnType<Sandbox['snapshot']>;
type Content = Readonly<Record<string, unknown>>;

/** A note, a task, an NPS response and a site of one account. */
export interface Tied {
  readonly account: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** What hangs off the first account that has one of each, by the ids of its own and of whoever wrote it. */
export function tiedTogether(snapshot: Snapshot): Tied | undefined {
  const found = Object.keys(snapshot.accounts).map((account) => tiedTo(snapshot, account));
  return found.find((tied) => tied !== undefined);
}

function tiedTo(snapshot: Snapshot, account: string): Tied | undefined {
  const ofAccount = (content: Content): boolean => [content.accountId, content.customerId].includes(account);
  const ofItsUser = ({ userId }: Content): boolean =>
    listOf(contentIn(snapshot.users, String(userId)).accounts).includes(account);
  const note = firstOf(snapshot.notes, ofAccount);
  const task = firstOf(snapshot.tasks, ofAccount);
  const score = firstOf(snapshot.npsResponses, ofItsUser);
  const site = firstOf(contentIn(snapshot.instances, 'site'), ofAccount);
  if (note === undefined || task === undefined || score === undefined || site === undefined) return undefined;
  const { subject, categoryId, authorId } = note.content;
  const lines = [
    `note ${note.id}, ${subject}: a ${categoryId} noted by ${authorId}`,
    `task ${task.id}, ${task.content.name}: ${task.content.categoryId}, for ${task.content.assignedToId}`,
    `NPS response ${score.id}: ${score.content.score} points by user ${score.content.userId}`,
    `custom object ${site.id}, ${site.content.name}: ${JSON.stringify(site.content.traits)}`,
  ];
  return { account, name: String(contentIn(snapshot.accounts, account).name), lines };
}

function firstOf(
  records: Content | undefined,
  belongs: (content: Content) => boolean,
): { readonly id: string; readonly content: Content } | undefined {
  return Object.keys(records ?? {})
    .map((id) => ({ id, content: contentIn(records, id) }))
    .find(({ content }) => belongs(content));
}

function contentIn(records: Content | undefined, id: string): Content {
  const content = records?.[id];
  return typeof content === 'object' && content !== null ? { ...content } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
