import { folded, OBJECTS } from '../../src/objects/index.ts';
import type { Field, VitallyObject } from '../../src/objects/object.ts';
import { otherNames } from '../../src/objects/other-names.ts';
import { optionTables } from './options.ts';
import { controlTable, faultTable, flagTable, switchTable } from './sandbox-tables.ts';

const MODES = ['upsert', 'update', 'append', 'delete'] as const;
const NONE = '–';

/** The pages with a table that is written from the registry, and what writes it. */
export const TABLES: readonly {
  readonly page: string;
  readonly name: string;
  readonly table: () => string;
}[] = [
  { page: 'README.md', name: 'objects', table: objectsByMode },
  { page: 'docs/vitally.md', name: 'objects', table: objectsByMode },
  { page: 'docs/objects.md', name: 'fields', table: fieldsByObject },
  { page: 'docs/configuration.md', name: 'options', table: optionTables },
  { page: 'docs/sandbox.md', name: 'flags', table: flagTable },
  { page: 'docs/sandbox.md', name: 'controls', table: controlTable },
  { page: 'docs/sandbox.md', name: 'faults', table: faultTable },
  { page: 'docs/sandbox.md', name: 'switches', table: switchTable },
];

/** A page with the part between a table's marks replaced. */
export function withTable(page: string, name: string, table: string): string {
  const begin = `<!-- ${name}: begin (npm run docs) -->\n`;
  const end = `<!-- ${name}: end -->\n`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no marks for ${name}`);
  return `${before}${begin}${table}${end}${after}`;
}

/** Object by object and mode by mode: which API does it. */
export function objectsByMode(): string {
  const rows = OBJECTS.map((object) => [
    object.name,
    ...MODES.map((mode) => (object.modes.includes(mode) ? apisOf(object, mode) : NONE)),
    keysOf(object),
  ]);
  return markdown(['object', ...MODES, 'keys'], rows);
}

/** Each object with all that it declares. */
export function fieldsByObject(): string {
  return OBJECTS.map((object) =>
    object.byPath === true ? requestSection(object) : [heading(object), fieldTable(object)].join('\n'),
  ).join('\n');
}

/** Rows that are requests have neither fields nor keys of Vitally's. */
function requestSection({ title, name, modes }: VitallyObject): string {
  const facts = [
    `in \`object\`: \`${name}\`, in an entry that has a \`mode\` and a \`path\``,
    `modes: ${modes.join(', ')}`,
    'keys: what `path` says; rows of one `sync_key` are sent one after the other',
    'other columns: become members of the JSON body, under their names',
  ];
  return [`## ${title}\n`, ...facts.map((fact) => `- ${fact}`), ''].join('\n');
}

function keysOf(object: VitallyObject): string {
  if (object.byPath === true) return 'its `path`';
  const keys = object.keys.map((key) => `\`${key}\``);
  const fields = object.keyFields?.map((field) => named(field, ' or ')).join(' with ');
  return [...keys, ...(fields === undefined ? [] : [fields])].join(', ');
}

function apisOf(object: VitallyObject, mode: (typeof MODES)[number]): string {
  const bulk = object.analytics !== undefined && (mode === 'upsert' || object.rest === undefined);
  const usual = [...(object.rest === undefined ? [] : ['rest']), ...(bulk ? ['analytics'] : [])];
  const apis = object.transports?.[mode] ?? usual;
  return apis.map((api) => (api === 'rest' ? 'REST' : 'Analytics')).join(', ');
}

function named(group: string | readonly string[], between: string): string {
  return (typeof group === 'string' ? [group] : group).map((name) => `\`${name}\``).join(between);
}

function heading(object: VitallyObject): string {
  const bearsId = object.keys.includes('externalId') && object.keyOf === undefined;
  const own = object.modes.includes('upsert') && bearsId ? ['externalId'] : [];
  const needed = [...own, ...object.requiredToCreate].map((group) =>
    typeof group === 'string' ? named(group, '') : `one of ${named(group, ', ')}`,
  );
  const facts = [
    ['in `object`', `\`${object.name}\``],
    [
      'streams of these names need no entry',
      [...new Set(object.streamNames.map(folded))].map((name) => `\`${name}\``).join(', '),
    ],
    ['modes', object.modes.join(', ')],
    ['keys', `${keysOf(object)}${keyNote(object)}`],
    ['to create one', needed.join('; ')],
    ['other columns', object.others === 'nowhere' ? 'are dropped' : `become ${object.others}`],
  ];
  return [`## ${object.title}\n`, ...facts.map(([what, fact]) => `- ${what}: ${fact}`), ''].join('\n');
}

function keyNote({ keyOf, derivesKey }: VitallyObject): string {
  if (keyOf !== undefined) return ` of its ${keyOf}; the column may also be called \`${keyOf}Id\``;
  return derivesKey === true ? '; in mode append also none' : '';
}

function fieldTable(object: VitallyObject): string {
  const fields = [...Object.entries(object.fields), ...Object.entries(object.deleteFields ?? {})];
  const rows = fields.map(([name, field]) => [
    `\`${name}\``,
    field.type,
    requirement(object, name),
    field.association ?? NONE,
    notes(name, field),
  ]);
  return markdown(['field', 'type', 'required to create', 'association', ''], rows);
}

function requirement(object: VitallyObject, name: string): string {
  for (const group of object.requiredToCreate) {
    if (group === name) return 'yes';
    if (typeof group !== 'string' && group.includes(name)) return `one of ${group.length}`;
  }
  return NONE;
}

function notes(name: string, field: Field): string {
  const names = [...(field.aliases ?? []), ...otherNames(name, field)];
  const aliases = names.map((alias) => `\`${alias}\``).join(', ');
  return [
    field.description,
    aliases === '' ? '' : `Also as ${aliases}.`,
    field.neverNull === true ? 'Null is left out.' : '',
    field.createOnly === true ? 'Taken at creation only.' : '',
  ]
    .filter((note) => note !== '')
    .join(' ');
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
