/** Names come from warehouses and may be hostile: this much of one is shown. */
const MAX_SHOWN_CHARACTERS = 100;

/** Names of a list shown in one message. */
const MAX_SHOWN_NAMES = 10;

/** A column's or stream's name for a message: in quotes, on one line, cut where it is long. */
export function quoted(name: string): string {
  return JSON.stringify(shortened(name));
}

/** A name as it is, cut where it is long. */
export function shortened(name: string): string {
  return name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name;
}

export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, MAX_SHOWN_NAMES).map(quoted).join(', ');
  const more = names.length - MAX_SHOWN_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
