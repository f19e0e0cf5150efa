import type { Fault } from './config-error.ts';

/** What was found wrong or odd with config and catalog; gathered, so that everything is reported at once. */
export interface Findings {
  readonly faults: Fault[];
  readonly warnings: string[];
}

export function createFindings(faults: readonly Fault[] = []): Findings {
  return { faults: [...faults], warnings: [] };
}

/** Adds a fault once: a `*` entry decides many streams, but is wrong only once. */
export function addFault(findings: Findings, path: string, message: string): void {
  if (findings.faults.some((fault) => fault.path === path && fault.message === message)) return;
  findings.faults.push({ path, message });
}

export function addWarning(findings: Findings, message: string): void {
  if (!findings.warnings.includes(message)) findings.warnings.push(message);
}
