/** Loaded into each process that is measured: writes what it took, by the kernel's own count, when it ends. */
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env.BENCH_USAGE_FILE;
if (file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const status = readFileSync('/proc/self/status', 'utf8');
    const peakKibibytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]);
    writeFileSync(file, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakKibibytes }));
  });
}
