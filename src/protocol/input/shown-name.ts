const MAX_SHOWN_CHARACTERS = 200;

/** A name of a stream or column as messages show it: in quotes, and cut. What can't be seen is escaped where it is emitted. */
export function shownName(name: string): string {
  const cut = name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name;
  return JSON.stringify(cut.toWellFormed());
}
