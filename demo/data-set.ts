import { activityTables } from './activities.ts';
import { Draw } from './random.ts';
import { day, id, NOW_MS, type Row, type Table, times } from './table.ts';

const GROUPS = 12;
const CUSTOMERS = 80;
const CONTACTS = 220;
const USAGE_EVENTS = 300;

const FIRST = [
  'Ada',
  'Bo',
  'Chidi',
  'Dana',
  'Emeka',
  'Freya',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Kim',
  'Lena',
];
const LAST = [
  'Abbot',
  'Berg',
  'Castro',
  'Diallo',
  'Endo',
  'Fischer',
  'Gupta',
  'Hansen',
  'Ito',
  'Jansen',
  'Kaya',
];
const TRADES = [
  'Analytics',
  'Bakeries',
  'Cargo',
  'Dental',
  'Energy',
  'Foods',
  'Games',
  'Hotels',
  'Instruments',
];
const PLACES = [
  'Northern',
  'Harbor',
  'Summit',
  'Valley',
  'Prairie',
  'Coastal',
  'Alpine',
  'Delta',
  'Lakeside',
];
const PLANS = ['free', 'team', 'business', 'enterprise'];
const FEATURES = ['report_viewed', 'report_exported', 'dashboard_shared', 'teammate_invited', 'api_key_made'];
const ROLES = ['admin', 'editor', 'viewer'];

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

/** Eight tables of a company that sells software, parents first, with some rows that no system should swallow. */
export function dataSet(): Table[] {
  const draw = new Draw(20_260_302);
  const tables = [groups(draw), customers(draw), contacts(draw), usageEvents(draw)];
  return [...tables, ...activityTables(draw, { customer: anyCustomer, contact: anyContact })];
}

function groups(draw: Draw): Table {
  const rows = times(GROUPS, (index) => ({
    group_id: id('grp', index),
    name: `${PLACES[index % PLACES.length]} Holding ${index + 1}`,
    region: draw.one(['EMEA', 'AMER', 'APAC']),
  }));
  return { namespace: 'mart', name: 'dim_groups', primaryKey: 'group_id', rows };
}

function customers(draw: Draw): Table {
  const rows: Row[] = times(CUSTOMERS, (index) => ({
    customer_id: id('cus', index),
    company_name: `${draw.one(PLACES)} ${draw.one(TRADES)}`,
    group_id: id('grp', draw.number(GROUPS)),
    mrr: 50 * (1 + draw.number(90)),
    next_renewal_date: day(30 + draw.number(330)),
    plan: draw.one(PLANS),
    seats: 3 + draw.number(200),
  }));
  return {
    namespace: 'mart',
    name: 'dim_customers',
    primaryKey: 'customer_id',
    rows: spoiled(rows, {
      9: { customer_id: null },
      23: { company_name: null },
      38: { mrr: '1.290,00' },
      52: { next_renewal_date: '2026-02-30' },
      71: { group_id: 'grp-0404' },
    }),
  };
}

function contacts(draw: Draw): Table {
  const rows: Row[] = times(CONTACTS, (index) => {
    const [first, last] = [draw.one(FIRST), draw.one(LAST)];
    return {
      contact_id: id('con', index),
      account_id: [anyCustomer(draw)],
      full_name: `${first} ${last}`,
      email: `${first}.${last}.${index}@example.com`.toLowerCase(),
      signed_up_on: day(-draw.number(700)),
      role: draw.one(ROLES),
      opted_out: draw.number(12) === 0,
      is_champion: draw.number(8) === 0,
    };
  });
  return {
    namespace: 'mart',
    name: 'dim_contacts',
    primaryKey: 'contact_id',
    rows: spoiled(rows, {
      14: { contact_id: '' },
      66: { account_id: ['cus-9001'] },
      67: { account_id: ['cus-9001'] },
      120: { signed_up_on: 'last spring' },
      181: { account_id: [] },
    }),
  };
}

function usageEvents(draw: Draw): Table {
  const rows: Row[] = times(USAGE_EVENTS, (index) => ({
    event_id: id('evt', index),
    event: draw.one(FEATURES),
    account_id: anyCustomer(draw),
    timestamp: new Date(NOW_MS - draw.number(MONTH_MS)).toISOString(),
    duration_ms: draw.number(4_000),
  }));
  return {
    namespace: 'product',
    name: 'usage_events',
    primaryKey: 'event_id',
    rows: spoiled(rows, { 41: { event: null }, 202: { account_id: null }, 260: { timestamp: 'yesterday' } }),
  };
}

/** A customer whose own row is sound. */
function anyCustomer(draw: Draw): string {
  return id('cus', soundIndex(draw, CUSTOMERS, [9, 23, 38, 52, 71]));
}

/** A contact whose own row is sound. */
function anyContact(draw: Draw): string {
  return id('con', soundIndex(draw, CONTACTS, [14, 66, 67, 120, 181]));
}

function soundIndex(draw: Draw, below: number, broken: readonly number[]): number {
  for (;;) {
    const index = draw.number(below);
    if (!broken.includes(index)) return index;
  }
}

function spoiled(rows: readonly Row[], faults: Readonly<Record<number, Row>>): Row[] {
  return rows.map((row, index) => ({ ...row, ...faults[index] }));
}
