import { benchDrain } from './drain.ts';
import { benchMemory } from './memory.ts';
import { benchRead } from './read.ts';

const read = await benchRead();
console.log(
  `read     ${whole(read.lines)} lines: ${whole(read.linesPerSecond)} a second, ${read.timesJsonParse.toFixed(1)} times as long as JSON.parse alone`,
);

const drains = await benchDrain();
const slowest = Math.min(...drains.map(({ rowsPerSecond }) => rowsPerSecond));
for (const { what, rows, rowsPerSecond, requestsPerRow } of drains) {
  console.log(
    `drain    ${what.padEnd(32)} ${whole(rows).padStart(7)} rows: ${requestsPerRow.toFixed(3)} requests a row, ` +
      `${whole(rowsPerSecond).padStart(6)} rows a second, ${(rowsPerSecond / slowest).toFixed(1)} times the slowest`,
  );
}

const [few, many] = await benchMemory();
if (few === undefined || many === undefined) throw new Error('two sizes are measured');
console.log(
  `memory   ${whole(few.rows)} rows: ${few.peakMegabytes.toFixed(0)} MB at most; ${whole(many.rows)} rows: ` +
    `${many.peakMegabytes.toFixed(0)} MB; ${(many.rows / few.rows).toFixed(0)} times the rows, ` +
    `${(many.peakMegabytes / few.peakMegabytes).toFixed(2)} times the memory`,
);

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}
