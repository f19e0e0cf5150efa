const PREFIX = 'planned:';

/** Stands for Vitally's id of a record that a dry run would create. */
export function plannedId(key: string): string {
  return `${PREFIX}${key}`;
}

/** Vitally doesn't have such a record, so it can't be asked about it. */
export function isPlannedId(id: string): boolean {
  return id.startsWith(PREFIX);
}
