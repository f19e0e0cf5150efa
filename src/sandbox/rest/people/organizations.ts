import { keptText, optionalObject, requiredText } from '../../fields.ts';
import {
  changeOrganization,
  createOrganization,
  deleteOrganization,
  showOrganization,
} from '../../store/organization.ts';
import { objectResource } from '../object-resource.ts';

export const organizations = objectResource({
  path: 'organizations',
  title: 'Organization',
  table: (world) => world.organizations,
  show: showOrganization,
  parse: (_context, body, purpose) => ({
    name: purpose === 'create' ? requiredText(body, 'name') : keptText(body, 'name'),
    traits: optionalObject(body, 'traits'),
  }),
  create: createOrganization,
  change: changeOrganization,
  remove: ({ world }, organization) => deleteOrganization(world, organization),
});
