import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anchorsOf, headingsOf, sectionOf } from './headings.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src', 'test', 'bench', 'demo', 'docs', 'examples'];
const TOP_PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const FACTS = 'docs/vitally-api.md';

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A text that may cite: a page, or the comments of a program's file. */
export interface Citing {
  readonly path: string;
  readonly text: string;
}

/** A citation that leads nowhere, or that is not in the one form of its kind. */
export interface Broken {
  readonly path: string;
  readonly citation: string;
}

/** Every text of the repository that may cite something. */
export function citingTexts(): Citing[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|md)$/.test(name))
      .map((name) => join(folder, name)),
  );
  return [...inFolders, ...TOP_PAGES].map((path) => {
    const text = read(path);
    return { path, text: path.endsWith('.ts') ? commentsOf(text) : joined(text) };
  });
}

/** The comments of a program, each on one line, so that a citation may wrap. */
export function commentsOf(code: string): string {
  const found = code.matchAll(/\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n?)+)|(?<=\s)\/\/(.*)$/gm);
  return [...found].map(([, block, lines, line]) => joined(block ?? lines ?? line ?? '')).join('\n');
}

function joined(text: string): string {
  return text
    .replaceAll(/\n\n+/g, '\u0000')
    .replaceAll(/\s*\n[ \t]*(?:\*|\/\/)?[ \t]*/g, ' ')
    .replaceAll('\u0000', '\n');
}

/** What citations may name: the contract's sections by number, and the headings of the page of facts. */
export interface Cited {
  readonly contract: ReadonlyMap<string, string>;
  readonly facts: readonly string[];
}

export function citedPages(): Cited {
  const contract = read('docs/contract.md');
  const numbered = headingsOf(contract).filter((heading) => /^\d+\. /.test(heading));
  return {
    contract: new Map(numbered.map((heading) => [heading.split('.')[0] ?? '', sectionOf(contract, heading)])),
    facts: headingsOf(read(FACTS)),
  };
}

/** The citations of a text that are broken. */
export function brokenIn({ path, text }: Citing, cited: Cited): Broken[] {
  const broken = [
    ...contractCitations(text, cited),
    ...factCitations(text, cited),
    ...(path === FACTS ? [] : [...text.matchAll(FOREIGN_SOURCES)].map(([citation]) => citation)),
    ...(path.endsWith('.ts') ? [...text.matchAll(OTHER_TOOLS)].map(([tool]) => tool) : []),
    ...missingPages(path, text),
  ];
  return broken.map((citation) => ({ path, citation }));
}

/**
 * `Contract 6` is the one form. It may be followed by a part of the section: `Contract 3, rule 1` by an item of its
 * numbered list, `Contract 3, "Columns"` by the bold words that begin a paragraph.
 */
function contractCitations(text: string, { contract }: Cited): string[] {
  const form = /\bcontract(?:['’]s)?,? (?:sections? )?(\d+)(?:, rules? (\d+)(?: to (\d+))?|, "([^"]+)")?/gi;
  return [...text.matchAll(form)]
    .filter(([citation, number = '', first, last, words]) => {
      const section = contract.get(number);
      if (section === undefined || !/^Contract \d/.test(citation)) return true;
      const rules = [first, last].filter((rule) => rule !== undefined);
      if (rules.some((rule) => !new RegExp(`^${rule}\\. `, 'm').test(section))) return true;
      return words !== undefined && !section.includes(`**${words}`);
    })
    .map(([citation]) => citation);
}

/** `vitally-api.md, "Paging"` is the one form. */
function factCitations(text: string, { facts }: Cited): string[] {
  const named = [...text.matchAll(/vitally-api\.md, "([^"]*)"/g)];
  return named.filter(([, heading = '']) => !facts.includes(heading)).map(([citation]) => citation);
}

/** Sources that `docs/vitally-api.md` names: anything else cites that page instead. */
const FOREIGN_SOURCES =
  /\b(?:REST|Analytics) references?\b|\bvendor observations?\b|\bobserved (?:live|against)\b/gi;

/** Comments leave it to that page to say which tool a fact comes from; other pages may compare the tools. */
const OTHER_TOOLS = /\b(?:Census|Hightouch|PostHog|Quill|fiscaltec|vitally-cli)\b/g;

/** Pages that a text names: beside itself, at the top, or in `docs`. */
function missingPages(path: string, text: string): string[] {
  const named = [...text.matchAll(/(?<![\w/.:-])(?:\.{1,2}\/)*[\w-]+(?:\/[\w-]+)*\.md\b/g)].map(
    ([page]) => page,
  );
  const places = [dirname(path), '.', 'docs'];
  return named.filter((page) => !places.some((place) => existsSync(join(ROOT, place, page))));
}

/** The links of a page to other pages of the repository, or to its own headings, that lead nowhere. */
export function brokenLinks(path: string): string[] {
  const links = [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return links
    .filter(([, target = '', anchor]) => {
      const page = target === '' ? path : join(dirname(path), target);
      if (!existsSync(join(ROOT, page))) return true;
      return anchor !== undefined && page.endsWith('.md') && !anchorsOf(read(page)).includes(anchor);
    })
    .map(([link]) => link);
}
