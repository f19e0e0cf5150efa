/**
 * What a record that a list showed takes in memory: `node --expose-gc bench/listed.ts [records] [traits]`. Prints how
 * much the process grew, and its typed arrays: the rest is what V8 keeps of the bodies that were read.
 */
import { randomUUID } from 'node:crypto';
import { PackedLists } from '../src/vitally/records/listed/packed-lists.ts';
import { listedRule } from '../src/write/rest/compare/listed-changes.ts';

const [records = 1_000_000, traits = 20] = process.argv.slice(2).map(Number);
const accounts = { path: '/resources/accounts' };
const names = Array.from({ length: traits }, (_, index) => `trait_${index}`);

function account(number: number) {
  return {
    id: randomUUID(),
    externalId: `account-${number}`,
    name: `Account ${number}`,
    updatedAt: new Date(1_767_225_600_000 + number).toISOString(),
    traits: Object.fromEntries(names.map((name, index) => [name, `${name} of ${number * index}`])),
  };
}

const lists = new PackedLists(listedRule, { records, bytes: 2 ** 31 });
lists.keep(accounts, account(0));
globalThis.gc?.();
const before = process.memoryUsage();
const begun = performance.now();
for (let number = 1; number < records; number++) lists.keep(accounts, account(number));
const seconds = (performance.now() - begun) / 1000;
globalThis.gc?.();
const after = process.memoryUsage();
console.log(
  JSON.stringify({
    records,
    traits,
    residentBytesOfARecord: Math.round((after.rss - before.rss) / records),
    packedBytesOfARecord: Math.round((after.arrayBuffers - before.arrayBuffers) / records),
    microsecondsOfARecord: Math.round((seconds * 1e6) / records),
    found: lists.get(accounts, 'externalId', `account-${records - 1}`) !== undefined,
  }),
);
