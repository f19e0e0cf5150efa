import { noteCategories, taskCategories } from './collections/categories.ts';
import { conversations } from './collections/conversations.ts';
import { messages } from './collections/messages.ts';
import { notes } from './collections/notes.ts';
import { npsResponses } from './collections/nps-responses.ts';
import { surveyQuestions, surveyResponses, surveys } from './collections/surveys.ts';
import { tasks } from './collections/tasks.ts';
import { customFields } from './items/custom-fields.ts';
import { customObjects } from './items/custom-objects.ts';
import { instances } from './items/instances.ts';
import { projectStatuses } from './items/project-statuses.ts';
import { projectCategories, projectTemplates } from './items/project-templates.ts';
import { projects } from './items/projects.ts';
import { meetings } from './meetings/meetings.ts';
import { meetingTranscripts } from './meetings/transcripts.ts';
import { accounts } from './people/accounts.ts';
import { admins } from './people/admins.ts';
import { organizations } from './people/organizations.ts';
import { users } from './people/users.ts';
import type { RestResource } from './resource.ts';

/** Every resource of the REST API by its path. */
export const REST_RESOURCES: ReadonlyMap<string, RestResource> = new Map(
  [
    organizations,
    accounts,
    users,
    admins,
    notes,
    noteCategories,
    tasks,
    taskCategories,
    npsResponses,
    conversations,
    messages,
    projects,
    projectTemplates,
    projectCategories,
    projectStatuses,
    meetings,
    meetingTranscripts,
    customObjects,
    instances,
    customFields,
    surveys,
    surveyResponses,
    surveyQuestions,
  ].map((resource) => [resource.path, resource]),
);
