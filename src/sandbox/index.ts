export { parseFaultPlan } from './fault-plan.ts';
export { FAULT_KINDS, type FaultKind, type FaultPlan } from './faults.ts';
export type { LoggedRequest } from './http/request-log.ts';
export type { Inspection } from './inspection.ts';
export { type Sandbox, startSandbox } from './sandbox.ts';
export type { Snapshot } from './snapshot.ts';
export type { SandboxOptions } from './state.ts';
export { SANDBOX_SWITCHES, type SwitchName } from './switches.ts';
