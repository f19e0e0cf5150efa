import { expect, test } from 'vitest';
import { customObject } from '../../../../src/objects/custom-object.ts';
import { RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { changesOf } from '../../../../src/write/rest/changes.ts';
import { ok } from '../../../support/scripted.ts';

const INSTANCES = { path: '/resources/customObjects/site/instances' };

test('of the organizations that a record is shown with, their ids are remembered: a row that names one changes nothing', async () => {
  const shown = [
    { id: 'o-1', name: 'One', traits: { text: 'x'.repeat(1_000) } },
    { id: 'o-2', name: 'Two' },
  ];
  const cache = new RecordCache(async () => ok({ id: 'i-1', organizationId: 'o-1', organizations: shown }));
  const finding = await cache.find(INSTANCES, 'id', 'i-1', 'fields');
  const fields = (finding.kind === 'found' && finding.record.fields) || {};
  expect(JSON.stringify(fields)).not.toContain('xxx');
  const body = (organizationId: string) => ({
    fields: new Map([['organizationId', organizationId]]),
    traits: new Map(),
  });
  expect(changesOf(customObject, fields, body('o-2')).size).toBe(0);
  expect(changesOf(customObject, fields, body('o-3')).size).toBe(1);
});
