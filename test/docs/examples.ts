/** A line of an example: what it is about, and what it says of it. */
export interface ExampleLine {
  readonly word: string;
  readonly rest: string;
}

/** A configuration of a page, and the example that follows it. */
export interface Example {
  /** The heading that it is under, and its number there. */
  readonly title: string;
  readonly config: unknown;
  readonly lines: readonly ExampleLine[];
}

/**
 * The configurations of a page (blocks of `json`), each with the block of `text` that follows it: its lines begin with the
 * word that says what they are.
 *
 * @throws Error for a configuration without an example, or an example without a configuration
 */
export function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let heading = '';
  let config: { readonly text: string } | undefined;
  for (const [, title, language, body = ''] of page.matchAll(
    /^#+ (.+)$|^```(json|text)\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title;
    else if (language === 'json') {
      if (config !== undefined) throw new Error(`${heading} has a configuration without an example`);
      config = { text: body };
    } else {
      if (config === undefined) throw new Error(`${heading} has an example without a configuration`);
      const count = examples.filter((one) => one.title.startsWith(heading)).length;
      examples.push({
        title: count === 0 ? heading : `${heading}, ${count + 1}`,
        config: JSON.parse(config.text),
        lines: linesOf(body),
      });
      config = undefined;
    }
  }
  if (config !== undefined) throw new Error(`${heading} has a configuration without an example`);
  return examples;
}

function linesOf(body: string): ExampleLine[] {
  return body
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest };
    });
}
