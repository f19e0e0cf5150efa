import { accounts } from './accounts.ts';
import { admins } from './admins.ts';
import { noteCategories, taskCategories } from './categories.ts';
import { conversations } from './conversations.ts';
import { customFields } from './custom-fields.ts';
import { customObjects } from './custom-objects.ts';
import { instances } from './instances.ts';
import { meetingTranscripts } from './meeting-transcripts.ts';
import { meetings } from './meetings.ts';
import { messages } from './messages.ts';
import { notes } from './notes.ts';
import { npsResponses } from './nps-responses.ts';
import { organizations } from './organizations.ts';
import { projectStatuses } from './project-statuses.ts';
import { projectCategories, projectTemplates } from './project-templates.ts';
import { projects } from './projects.ts';
import type { RestResource } from './resource.ts';
import { surveyQuestions, surveyResponses, surveys } from './surveys.ts';
import { tasks } from './tasks.ts';
import { users } from './users.ts';

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
