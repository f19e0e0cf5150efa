import { accounts } from './accounts.ts';
import { admins } from './admins.ts';
import { customFields } from './custom-fields.ts';
import { organizations } from './organizations.ts';
import type { RestResource } from './resource.ts';
import { users } from './users.ts';

/** Every resource of the REST API by its path. */
export const REST_RESOURCES: ReadonlyMap<string, RestResource> = new Map(
  [organizations, accounts, users, admins, customFields].map((resource) => [resource.path, resource]),
);
