import { own } from '../../../json/guards.ts';
import type { NamedLists } from '../../../vitally/records/named-lists.ts';

export const TEMPLATES = '/resources/projectTemplates';

/** What a project of this template is called where nothing else is said. */
export async function templateName(named: NamedLists, templateId: string): Promise<string | undefined> {
  const templates = await named.all(TEMPLATES);
  const template = templates.find((candidate) => own(candidate, 'id') === templateId);
  const name = template && (own(template, 'projectName') ?? own(template, 'name'));
  return typeof name === 'string' ? name : undefined;
}
