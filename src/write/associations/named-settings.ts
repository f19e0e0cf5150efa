/** Things with a name in Vitally's settings, and where they are listed. */
export const NAMED = {
  noteCategory: { path: '/resources/noteCategories', title: 'note category' },
  taskCategory: { path: '/resources/taskCategories', title: 'task category' },
  projectCategory: { path: '/resources/projectCategories', title: 'project category' },
  projectTemplate: { path: '/resources/projectTemplates', title: 'project template' },
} as const;
