import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greeting } from '../src/commands/sandbox/greeting.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { SETTINGS } from './activities.ts';
import { dataSet } from './data-set.ts';
import { refusalsByCode, rejectedFiles } from './refused.ts';
import { type Held, screen } from './screen.ts';
import { configOf, sync } from './sync.ts';
import { tiedTogether } from './tied.ts';

/** Leaves the sandbox open, so that its page can be looked at. */
const keeps = process.argv.includes('--keep');

const sandbox = await startSandbox({ requestsPerMinute: 100_000 });
try {
  for (const [kind, records] of Object.entries(SETTINGS)) sandbox.seed(kind, records);
  const folder = mkdtempSync(join(tmpdir(), 'destination-vitally-demo-'));
  const rejected = join(folder, 'rejected');
  const config = configOf(sandbox.url, rejected);
  const tables = dataSet();

  const first = await sync(tables, folder, config, 'first-run');
  const heldAfterFirst = await holds(sandbox);
  const second = await sync(tables, folder, config, 'second-run');
  const heldAfterSecond = await holds(sandbox);

  const files = rejectedFiles(join(rejected, 'first-run'));
  const refusals = refusalsByCode(files);
  const tied = tiedTogether(sandbox.snapshot());
  const { url } = sandbox;
  console.log(screen({ url, first, heldAfterFirst, tied, refusals, files, second, heldAfterSecond }));
  if (keeps) {
    console.log(
      greeting({ url, restToken: 'rest-token', analyticsToken: 'analytics-token', loopback: true }),
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  }
} finally {
  await sandbox.close();
}

async function holds(sandbox: Sandbox): Promise<Held> {
  const { organizations, accounts, users, settle } = sandbox;
  await settle();
  return {
    organizations: organizations.size,
    accounts: accounts.size,
    users: users.size,
    events: sandbox.events().length,
    notes: sandbox.items('notes').size,
    tasks: sandbox.items('tasks').size,
    NPS: sandbox.items('npsResponses').size,
    sites: sandbox.items('instances').size,
  };
}
