import { Draw } from './random.ts';

export type Row = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A table as a warehouse has it. */
export interface Table {
  readonly namespace: string;
  readonly name: string;
  readonly primaryKey: string;
  readonly rows: readonly Row[];
}

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

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.parse('2026-03-02T08:00:00Z');

/** Four tables of a company that sells software, parents first, with some rows that no system should swallow. */
export function dataSet(): Table[] {
  const draw = new Draw(20_260_302);
  return [groups(draw), customers(draw), contacts(draw), usageEvents(draw)];
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
      account_id: [id('cus', anyCustomer(draw))],
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
    account_id: id('cus', anyCustomer(draw)),
    timestamp: new Date(NOW_MS - draw.number(30 * DAY_MS)).toISOString(),
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
function anyCustomer(draw: Draw): number {
  const broken = new Set([9, 23, 38, 52, 71]);
  for (;;) {
    const index = draw.number(CUSTOMERS);
    if (!broken.has(index)) return index;
  }
}

function spoiled(rows: readonly Row[], faults: Readonly<Record<number, Row>>): Row[] {
  return rows.map((row, index) => ({ ...row, ...faults[index] }));
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function id(prefix: string, index: number): string {
  return `${prefix}-${String(index + 1).padStart(4, '0')}`;
}

function day(fromNow: number): string {
  return new Date(NOW_MS + fromNow * DAY_MS).toISOString().slice(0, 10);
}
