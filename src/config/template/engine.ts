import { type Context, defaultOperators, type Emitter, Liquid, type Template } from 'liquidjs';
import { FILTERS } from './filters.ts';
import { charge, MAX_RENDER_MS, MAX_WORK, MeteredEmitter, PIECE, searchWork, weightOf } from './meter.ts';
import { boundRanges } from './ranges.ts';

/** The longest template. It is read once a run, and its length bounds what one piece of it can ask for. */
export const MAX_TEMPLATE_CHARACTERS = 20_000;

/** They read other files, or make sense beside them alone. */
const TAGS_OF_FILES = ['include', 'render', 'layout', 'block'];

/** Comparisons may read both sides. */
const COMPARING = ['==', '!=', '>', '<', '>=', '<=', 'contains'];

type Operators = typeof defaultOperators;

/**
 * Liquid as templates of a config have it: no files, own members alone, and a bound for time, memory and output.
 * Dates and their names don't depend on the machine: a date without a time zone keeps its digits, a number of seconds is
 * UTC's.
 */
export function createEngine(): Liquid {
  boundRanges();
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    memoryLimit: MAX_WORK,
    renderLimit: MAX_RENDER_MS,
    timezoneOffset: 0,
    preserveTimezones: true,
    locale: 'en-US',
    operators: meteredOperators(),
  });
  for (const tag of TAGS_OF_FILES) Reflect.deleteProperty(engine.tags, tag);
  for (const name of Object.keys(engine.filters)) engine.unregisterFilter(name);
  for (const [name, filter] of FILTERS) engine.registerFilter(name, filter);
  meterRenderer(engine);
  return engine;
}

/** Every piece is counted before it is rendered, and whatever is written, captured texts too, as it is written. */
function meterRenderer({ renderer }: Liquid): void {
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (pieces: Template[], context: Context, emitter?: Emitter) => {
    charge(context, PIECE * (pieces.length + 1));
    return renderTemplates(pieces, context, emitter ?? new MeteredEmitter(context));
  };
}

function meteredOperators(): Operators {
  const metered = COMPARING.map((name): [string, Operators[string]] => {
    const compare = defaultOperators[name];
    if (compare === undefined) throw new Error(`liquidjs has no operator ${name}`);
    return [
      name,
      (left: unknown, right: unknown, context: Context) => {
        charge(context, workOf(name, left, right));
        return compare(left, right, context);
      },
    ];
  });
  return { ...defaultOperators, ...Object.fromEntries(metered) };
}

/** Two texts differ at the end of the shorter one at the latest; lists are made texts of to be put in order. */
function workOf(name: string, left: unknown, right: unknown): number {
  const [one, other] = [weightOf(left), weightOf(right)];
  if (name === 'contains') return one + other + searchWork(one, other);
  return typeof left === 'object' || typeof right === 'object' ? one + other : Math.min(one, other);
}
