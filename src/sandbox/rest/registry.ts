import { noteCategories, taskCategories } from './collections/categories.ts';
import { customFields } from './collections/custom-fields.ts';
import { notes } from './collections/notes.ts';
import { npsResponses } from './collections/nps-responses.ts';
import { surveyQuestions, surveyResponses, surveys } from './collections/surveys.ts';
import { tasks } from './collections/tasks.ts';
import { conversations } from './conversations/conversations.ts';
import { messages } from './conversations/messages.ts';
import { customObjects } from './custom-objects/custom-objects.ts';
import { instances } from './custom-objects/instances.ts';
import { meetings } from './meetings/meetings.ts';
import { meetingTranscripts } from './meetings/transcripts.ts';
import { accounts } from './people/accounts.ts';
import { admins } from './people/admins.ts';
import { organizations } from './people/organizations.ts';
import { users } from './people/users.ts';
import { projectStatuses } from './projects/project-statuses.ts';
import { projectCategories, projectTemplates } from './projects/project-templates.ts';
import { projects } from './projects/projects.ts';
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
