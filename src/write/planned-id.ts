const PREFIX = 'planned:';

/** What a dry run has in the place of Vitally's id of a record that it would create. */
export function plannedId(key: string): string {
  return `${PREFIX}${key}`;
}

/** Vitally doesn't have such a record, so it can't be asked about it. */
export function isPlannedId(id: string): boolean {
  return id.startsWith(PREFIX);
}
