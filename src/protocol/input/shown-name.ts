const MAX_SHOWN_CHARACTERS = 200;

/** A name of a stream or column for a message: in quotes, and cut. The emitter escapes what can't be seen. */
export function shownName(name: string): string {
  const cut = name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name;
  return JSON.stringify(cut.toWellFormed());
}
