const PREFIX = 'planned:';

/** Stands for Vitally's id of a record that a dry run would create. */
export function plannedId(key: string): string {
  return `${PREFIX}${key}`;
}

/** Vitally knows nothing of such a record, so that nothing can be asked about it. */
export function isPlannedId(id: string): boolean {
  return id.startsWith(PREFIX);
}
