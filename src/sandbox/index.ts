export type { Inspection } from './control/inspection.ts';
export type { Snapshot } from './control/snapshot.ts';
export { parseFaultPlan } from './faults/fault-plan.ts';
export { FAULT_KINDS, type FaultKind, type FaultPlan } from './faults/faults.ts';
export { SANDBOX_SWITCHES, type SwitchName } from './faults/switches.ts';
export type { LoggedRequest } from './http/request-log.ts';
export { type Sandbox, startSandbox } from './sandbox.ts';
export type { SandboxOptions } from './state.ts';
