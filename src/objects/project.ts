import type { VitallyObject } from './object.ts';

/**
 * vitally-api.md, "Projects". A project is made from a template, has no external id, and POST always makes a
 * new one: one of the same template, account and name counts as existing.
 */
export const project: VitallyObject = {
  name: 'project',
  plural: 'projects',
  title: 'Project',
  streamNames: ['project', 'projects'],
  keys: ['id'],
  keyFields: ['templateId', ['accountId', 'organizationId'], 'name'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    templateId: {
      type: 'id',
      title: 'Template',
      description: "The template it is made from: its name or Vitally's id.",
      association: 'projectTemplate',
      aliases: ['template'],
      neverNull: true,
      createOnly: true,
    },
    accountId: {
      type: 'id',
      title: 'Account',
      otherNames: ['customerId'],
      description: "The account it is for: your own id or Vitally's.",
      association: 'account',
      neverNull: true,
      createOnly: true,
    },
    organizationId: {
      type: 'id',
      title: 'Organization',
      description: "The organization it is for, where it is for no account: your own id or Vitally's.",
      association: 'organization',
      neverNull: true,
      createOnly: true,
    },
    name: {
      type: 'text',
      title: 'Name',
      otherNames: ['title', 'projectName'],
      description: "The project's name; the template's where left out.",
      neverNull: true,
    },
    targetStartDate: {
      type: 'date',
      title: 'Target start date',
      description: 'When it is to start.',
      otherNames: ['startDate'],
    },
    targetCompletionDate: {
      type: 'date',
      title: 'Target completion date',
      otherNames: ['dueDate', 'endDate', 'targetEndDate'],
      description: 'When it is to be done.',
    },
    projectStatusId: {
      type: 'id',
      title: 'Status',
      description: "The project status: its name or Vitally's id.",
      association: 'projectStatus',
      aliases: ['status', 'projectStatus'],
      neverNull: true,
    },
    projectCategoryId: {
      type: 'id',
      title: 'Category',
      description: "The project category: its name or Vitally's id.",
      association: 'projectCategory',
      aliases: ['category', 'projectCategory'],
    },
    ownedByVitallyUserId: {
      type: 'id',
      title: 'Owner',
      description: "The team member who owns it: an e-mail or Vitally's id.",
      association: 'admin',
      aliases: ['owner', 'ownerEmail'],
    },
  },
  requiredToCreate: ['templateId', ['accountId', 'organizationId']],
  others: 'traits',
  traitModel: 'projects',
  rest: {
    path: '/resources/projects',
    looksFirst: true,
    listFilter: 'archived=false',
    archivesOnDelete: true,
  },
};
