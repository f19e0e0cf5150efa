import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../../demo/activities.ts';
import { dataSet } from '../../demo/data-set.ts';
import { configOf, sync } from '../../demo/sync.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

/** A note as someone might write it who means no good: nothing of it may run, and all of it be shown. */
const HOSTILE =
  '<p>Talked about <b>renewal</b>.</p><script>document.title = "run"</script><img src="x" onerror="document.title = \'run\'">';

/** A sandbox as the demo leaves it after two runs, with a note that holds a script. */
export async function filledSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox({ requestsPerMinute: 20_000 });
  for (const [kind, records] of Object.entries(SETTINGS)) sandbox.seed(kind, records);
  const folder = mkdtempSync(join(tmpdir(), 'destination-vitally-page-'));
  const config = configOf(sandbox.url, join(folder, 'rejected'));
  const tables = dataSet();
  await sync(tables, folder, config, 'first-run');
  await sync(tables, folder, config, 'second-run');
  await sandbox.settle();
  const [accountId] = sandbox.accounts.all().map(({ id }) => id);
  sandbox.seed('notes', [
    {
      externalId: 'hostile',
      accountId: String(accountId),
      subject: '<i>Call</i>',
      noteDate: '2027-01-04T10:00:00.000Z',
      note: HOSTILE,
    },
  ]);
  return sandbox;
}
