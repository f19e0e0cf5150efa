import {
  type Liquid,
  LiquidError,
  type Template as Piece,
  type VariableSegments,
  type Variables,
} from 'liquidjs';
import type { JsonObject } from '../../json/json.ts';
import { nearestName } from '../schema/nearest-name.ts';
import { createEngine, MAX_TEMPLATE_CHARACTERS } from './engine.ts';
import { FILTERS } from './filters.ts';
import { MAX_RENDER_MS, MAX_RESULT_CHARACTERS, MAX_WORK } from './meter.ts';
import { scopeOf, TooDeep } from './scope.ts';

/** A Liquid template of the config, compiled: a computed value. */
export interface Template {
  /** As it is written in the config. */
  readonly text: string;
  /** The columns that it reads. */
  readonly columns: readonly string[];
  /** Members of those columns that it names, such as `traits.plan`. */
  readonly members: readonly string[];
  /** What it makes of a row. A column that the row lacks is empty. Never throws, whatever the row holds. */
  render(row: JsonObject): Rendered;
}

/** A template's text, or why there is none: without any value of the row. */
export type Rendered =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly problem: string; readonly fix: string };

/** What is wrong with a template, with the place in it. */
export interface TemplateFault {
  readonly fault: string;
}

/** As much of a template as a message shows. */
const MAX_SHOWN_CHARACTERS = 60;

/** @param text as the config has it */
export function compileTemplate(text: string): Template | TemplateFault {
  const engine = theEngine();
  if (text.length > MAX_TEMPLATE_CHARACTERS) {
    return { fault: `is longer than ${number(MAX_TEMPLATE_CHARACTERS)} characters` };
  }
  try {
    const pieces = engine.parse(text);
    const { globals, variables } = engine.analyzeSync(pieces, { partials: false });
    // Beside what it reads for sure, a row may be read by a name that the template assigns where the row doesn't come by.
    const readable = rootsOf(variables);
    return {
      text,
      columns: rootsOf(globals),
      members: membersOf(globals),
      render: (row) => render(engine, pieces, row, readable),
    };
  } catch (error) {
    return { fault: `is no Liquid template that can be used: ${faultOf(error)}` };
  }
}

let engine: Liquid | undefined;

/** Made for the first template: most configs have none. */
function theEngine(): Liquid {
  engine ??= createEngine();
  return engine;
}

function rootsOf(variables: Variables): readonly string[] {
  const names = segmentsOf(variables).map(([root]) => root);
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

function membersOf(variables: Variables): readonly string[] {
  const paths = segmentsOf(variables).flatMap(([root, member]) =>
    typeof root === 'string' && typeof member === 'string' ? [`${root}.${member}`] : [],
  );
  return [...new Set(paths)];
}

function segmentsOf(variables: Variables): VariableSegments[] {
  return Object.values(variables).flatMap((uses) => uses.map(({ segments }) => segments));
}

function render(liquid: Liquid, pieces: Piece[], row: JsonObject, columns: readonly string[]): Rendered {
  try {
    const text = String(liquid.renderSync(pieces, scopeOf(row, columns)));
    return text.length > MAX_RESULT_CHARACTERS ? TOO_LONG : { kind: 'text', text };
  } catch (error) {
    return failureOf(error);
  }
}

const SHORTEN = 'Shorten its loops and texts, or the values that it reads.';

const TOO_LONG: Rendered = {
  kind: 'failed',
  problem: `makes more than ${number(MAX_RESULT_CHARACTERS)} characters of this row`,
  fix: SHORTEN,
};

/** The errors of filters may quote the row: what is told is the piece of the template that failed. */
function failureOf(error: unknown): Rendered {
  if (error instanceof TooDeep) {
    const problem = 'reads a value that is nested too deeply';
    return { kind: 'failed', problem, fix: 'Flatten the value in the source.' };
  }
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('memory alloc limit exceeded')) {
    const problem = `takes more than ${number(MAX_WORK)} steps and characters for this row`;
    return { kind: 'failed', problem, fix: SHORTEN };
  }
  if (message.startsWith('template render limit exceeded')) {
    const problem = `takes longer than ${number(MAX_RENDER_MS)} ms for this row`;
    return { kind: 'failed', problem, fix: SHORTEN };
  }
  return {
    kind: 'failed',
    problem: `fails at this row${placeOf(error)}`,
    fix: 'Give the row what this part of the template expects, or guard the part, for example with an if.',
  };
}

function placeOf(error: unknown): string {
  if (!LiquidError.is(error)) return '';
  const { token } = error;
  const [line, column] = token.getPosition();
  const text = token.getText();
  const shown = text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
  return ` in ${shown} (line ${line}, column ${column})`;
}

function faultOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, filter] = /^undefined filter: (\w+)/.exec(message) ?? [];
  if (filter === undefined) return message;
  const nearest = nearestName(filter, [...FILTERS.keys()]);
  return nearest === undefined ? message : `${message}; did you mean "${nearest}"?`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
