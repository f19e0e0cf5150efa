/**
 * The values of a trait. `text` is for texts, addresses and the like; a `select` has one option, a `multiselect` several;
 * `json` is for lists and objects. `unknown`: nothing is known of its values.
 */
export type TraitType =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'select'
  | 'multiselect'
  | 'json'
  | 'unknown';

/**
 * The names of types in `customFields` are documented nowhere (vitally-api.md, "Traits"). These are the ones that
 * Vitally's own screens and comparable APIs use, without case and separators.
 */
const TYPES: ReadonlyMap<string, TraitType> = new Map([
  ...named('text', ['string', 'text', 'longtext', 'shorttext', 'textarea', 'url', 'link', 'email', 'phone']),
  ...named('number', ['number', 'numeric', 'integer', 'int', 'float', 'decimal']),
  ...named('number', ['currency', 'money', 'percentage', 'percent']),
  ...named('boolean', ['boolean', 'bool', 'checkbox', 'toggle']),
  ...named('date', ['date']),
  ...named('datetime', ['datetime', 'timestamp']),
  ...named('select', ['select', 'singleselect', 'enum', 'dropdown', 'picklist']),
  ...named('multiselect', ['multiselect', 'multienum', 'multipicklist']),
  ...named('json', ['json', 'object', 'array', 'list']),
]);

/** The type that Vitally means by a name; `unknown` for any other name, such as that of a team member's trait. */
export function traitType(name: unknown): TraitType {
  if (typeof name !== 'string') return 'unknown';
  return TYPES.get(name.toLowerCase().replace(/[^a-z]/g, '')) ?? 'unknown';
}

function named(type: TraitType, names: readonly string[]): [string, TraitType][] {
  return names.map((name) => [name, type]);
}
