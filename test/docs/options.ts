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
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Option>>;
  readonly oneOf?: readonly Option[];
  readonly items?: Option;
}

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
  const usual = member.default === undefined ? '–' : `\`${JSON.stringify(member.default)}\``;
  return [`\`${name}\``, valuesOf(member), isRequired ? 'required' : usual, member.description ?? ''];
}

function valuesOf(member: Option): string {
  if (member.const !== undefined) return `\`${member.const}\``;
  if (member.enum !== undefined) return member.enum.map((value) => `\`${value}\``).join(' ');
  const { minimum, maximum, type = '' } = member;
  const range = maximum === undefined ? `, ${minimum} or more` : `, ${minimum} to ${maximum}`;
  if (type === 'array') return member.items?.properties === undefined ? 'list of texts' : 'list, below';
  if (type === 'object') return 'object, below';
  return `${type === 'string' ? 'text' : type}${minimum === undefined ? '' : range}`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  const head = ['option', 'values', 'default', 'meaning'];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
