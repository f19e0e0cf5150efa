import type { Draw } from './random.ts';
import { day, id, type Table, times } from './table.ts';

const NOTES = 60;
const TASKS = 60;
const SCORES = 90;
const SITES = 110;

const TEAM = ['mara@vendor.example', 'tom@vendor.example'];
const TOPICS = ['Renewal', 'Kick-off', 'Pricing', 'Roadmap', 'Escalation', 'Training'];
const CHORES = ['Send the offer', 'Call back', 'Review the usage', 'Plan the workshop', 'Check the invoice'];
const FEEDBACK = ['Does what it should', 'Support is quick', 'Too many clicks', 'The reports are great'];
const CITIES = ['Oslo', 'Porto', 'Graz', 'Leeds', 'Gdansk', 'Turin'];

/** What a workspace has before the first sync: its team, and the names in its settings. */
export const SETTINGS = {
  admins: TEAM.map((email) => ({ name: email.split('@')[0] ?? '', email })),
  noteCategories: [{ name: 'Call' }, { name: 'Visit' }],
  taskCategories: [{ name: 'Renewal' }, { name: 'Adoption' }],
  customObjects: [{ name: 'site', label: 'Site', writeMode: 'writable' }],
};

/** Ids of rows that others may refer to. */
export interface Anybody {
  readonly customer: (draw: Draw) => string;
  readonly contact: (draw: Draw) => string;
}

/** What customer success writes down, tied to customers and contacts by the warehouse's own ids. */
export function activityTables(draw: Draw, any: Anybody): Table[] {
  return [notes(draw, any), tasks(draw, any), scores(draw, any), sites(draw, any)];
}

function notes(draw: Draw, any: Anybody): Table {
  const rows = times(NOTES, (index) => {
    const topic = draw.one(TOPICS);
    return {
      note_id: id('note', index),
      account_id: any.customer(draw),
      subject: topic,
      note: `<p>${topic}: see the <b>minutes</b>.</p>`,
      note_date: day(-draw.number(90)),
      author: draw.one(TEAM),
      category: draw.one(['Call', 'Visit']),
      tags: ['quarterly'],
    };
  });
  return { namespace: 'crm', name: 'notes', primaryKey: 'note_id', rows };
}

function tasks(draw: Draw, any: Anybody): Table {
  const rows = times(TASKS, (index) => ({
    task_id: id('task', index),
    account_id: any.customer(draw),
    name: draw.one(CHORES),
    due_date: day(draw.number(60)),
    assignee: draw.one(TEAM),
    category: draw.one(['Renewal', 'Adoption']),
  }));
  return { namespace: 'crm', name: 'tasks', primaryKey: 'task_id', rows };
}

function scores(draw: Draw, any: Anybody): Table {
  const rows = times(SCORES, (index) => ({
    response_id: id('nps', index),
    user_id: any.contact(draw),
    // The survey's tool once gave eleven points.
    score: index === 33 ? 11 : draw.number(11),
    feedback: draw.one(FEEDBACK),
    responded_at: day(-draw.number(60)),
  }));
  return { namespace: 'survey', name: 'nps', primaryKey: 'response_id', rows };
}

function sites(draw: Draw, any: Anybody): Table {
  const rows = times(SITES, (index) => ({
    site_id: id('site', index),
    account_id: any.customer(draw),
    name: `Site ${index + 1}`,
    city: draw.one(CITIES),
    desks: 5 + draw.number(200),
  }));
  return { namespace: 'mart', name: 'dim_sites', primaryKey: 'site_id', rows };
}
