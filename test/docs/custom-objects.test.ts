import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogOf, configFor, configured, record } from '../support/messages.ts';
import { seedPlaces } from '../support/objects/places.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const PAGE = new URL('../../docs/vitally.md', import.meta.url);

/** The entries, and the row, that the page shows. */
function shown(): { readonly streams: unknown; readonly row: object } {
  const section = readFileSync(PAGE, 'utf8').split('### Custom objects\n')[1]?.split('\n### ')[0] ?? '';
  const [, streams = ''] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
  const [, row = ''] = /a row such as\s+`(\{.*?\})`/.exec(section) ?? [];
  return { streams: JSON.parse(streams), row: JSON.parse(row) };
}

test('the page defines a custom object, changes it, and its instances are written', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { streams, row } = shown();
  const config = configFor(sandbox, { streams });
  const catalog = catalogOf(
    configured('new_custom_objects', { key: 'name' }),
    configured('custom_object_labels', { key: null }),
  );
  const defined = await runInProcess('write', { config, catalog }, [record('new_custom_objects', row)]);
  expect(defined.code).toBe(0);

  const sites = () =>
    sandbox
      .items('customObjects')
      .all()
      .find((one) => at(one, 'name') === 'sites');
  expect(sites()).toMatchObject(row);
  const change = record('custom_object_labels', { id: at(sites(), 'id'), ...row, label: 'Places' });
  const changed = await runInProcess('write', { config, catalog }, [change]);
  expect(changed.code).toBe(0);
  expect(at(sites(), 'label')).toBe('Places');

  const instances = {
    config: configFor(sandbox, { streams: [{ stream: 'rows', object: 'custom_object:Places' }] }),
    catalog: catalogOf('rows'),
  };
  const rows = [record('rows', { id: 's', name: 'Site', accountId: 'acme' })];
  expect((await runInProcess('write', instances, rows)).code).toBe(0);
  await sandbox.settle();
  expect(at(sandbox.items('instances').byExternalId('s'), 'name')).toBe('Site');
});
