import { addFault, type Findings } from '../errors/findings.ts';
import type { FieldMapping, WrittenMapping } from './stream-options.ts';
import { compileTemplate } from './template/template.ts';

/**
 * Makes an entry's mappings ready to be used: templates are compiled.
 *
 * @param path where the config has them: `/streams/0/fields`
 * @returns `undefined` where one is at fault
 */
export function fieldMappings(
  written: readonly WrittenMapping[],
  path: string,
  findings: Findings,
): readonly FieldMapping[] | undefined {
  const mappings = written.flatMap((mapping, index) => {
    const ready = fieldMapping(mapping, `${path}/${index}`, findings);
    return ready === undefined ? [] : [ready];
  });
  return mappings.length === written.length ? mappings : undefined;
}

function fieldMapping(
  { source, template, destination }: WrittenMapping,
  path: string,
  findings: Findings,
): FieldMapping | undefined {
  if (source !== undefined && template === undefined) return { source, destination };
  if (source !== undefined || template === undefined) {
    const problem =
      source === undefined
        ? 'must have a "source", the column that goes there, or a "template", which computes the value'
        : 'must have one of "source" and "template", not both; take one out';
    addFault(findings, path, problem);
    return undefined;
  }
  const compiled = compileTemplate(template);
  if (!('fault' in compiled)) return { template: compiled, destination };
  addFault(findings, `${path}/template`, compiled.fault);
  return undefined;
}
