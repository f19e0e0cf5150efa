import { readFileSync } from 'node:fs';

/** A member of the config as `spec.json` describes it; only what the page says of it. */
interface Option {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern_descriptor?: string;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Option>>;
  readonly oneOf?: readonly Option[];
  readonly items?: Option;
}

const NONE = '–';

const spec: { readonly connectionSpecification: Option } = JSON.parse(
  readFileSync(new URL('../../spec.json', import.meta.url), 'utf8'),
);

/** Every option of the config: the top level, each choice, and what lies in lists. */
export function optionTables(): string {
  return sections('The configuration', spec.connectionSpecification).join('\n');
}

function sections(title: string, schema: Option): string[] {
  if (schema.oneOf !== undefined) {
    return schema.oneOf.flatMap((option) => sections(`${title}: ${option.title?.toLowerCase()}`, option));
  }
  const members = Object.entries(schema.properties ?? {});
  const own = [`## ${title}\n`, markdown(members.map(([name, member]) => rowOf(name, member, schema)))];
  const below = members.flatMap(([name, member]) => {
    const part = member.items?.properties === undefined ? member : member.items;
    return part.properties === undefined && part.oneOf === undefined ? [] : sections(`\`${name}\``, part);
  });
  return [own.join('\n'), ...below];
}

function rowOf(name: string, member: Option, parent: Option): readonly string[] {
  const isRequired = parent.required?.includes(name) === true;
  const usual = member.default === undefined ? NONE : inCode(JSON.stringify(member.default));
  return [
    inCode(name),
    typeOf(member),
    valuesOf(member),
    isRequired ? 'required' : usual,
    exampleOf(member),
    member.description ?? '',
  ];
}

function typeOf({ type = '', items }: Option): string {
  if (type === 'array') return items?.properties === undefined ? 'list of texts' : 'list of objects, below';
  if (type === 'object') return 'object, below';
  return type === 'string' ? 'text' : type;
}

function valuesOf(member: Option): string {
  if (member.const !== undefined) return inCode(member.const);
  if (member.enum !== undefined) return member.enum.map(inCode).join(' ');
  if (member.type === 'boolean') return '`true` `false`';
  const { minimum, maximum, minLength = 0, pattern_descriptor: form } = member;
  if (form !== undefined) return form;
  if (member.type === 'string') return minLength > 0 ? 'any, not empty' : 'any';
  if (minimum === undefined) return NONE;
  return maximum === undefined ? `${minimum} or more` : `${minimum} to ${maximum}`;
}

/** The example that the spec gives; where it gives none, the one value there is, or the one that is not the default. */
function exampleOf(member: Option): string {
  const [example] = member.examples ?? [];
  if (example !== undefined) return inCode(JSON.stringify(example));
  if (member.const !== undefined) return inCode(JSON.stringify(member.const));
  if (member.type === 'boolean') return inCode(String(member.default !== true));
  throw new Error(`spec.json gives no example of ${member.title}`);
}

function inCode(text: string): string {
  return `\`${text}\``;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  const head = ['option', 'type', 'values', 'default', 'example', 'meaning'];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
