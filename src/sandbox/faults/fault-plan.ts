import { field, type JsonObject, type JsonValue } from '../json.ts';
import { FAULT_KINDS, type FaultKind, type FaultPlan, PASSING_FAULTS } from './faults.ts';

/** Reads a plan from the control endpoint or from flags. @throws RangeError that says what is wrong */
export function parseFaultPlan(plan: JsonObject): FaultPlan {
  const rate = number(plan, 'rate') ?? 0;
  if (rate > 1) throw new RangeError('rate must be between 0 and 1');
  const paths = field(plan, 'paths');
  const limit = number(plan, 'limit');
  const resetSeconds = number(plan, 'resetSeconds');
  const sequence = field(plan, 'sequence');
  return {
    rate,
    kinds: texts(field(plan, 'kinds') ?? [...PASSING_FAULTS]).map(faultKind),
    seed: number(plan, 'seed') ?? 1,
    ...(typeof paths === 'string' ? { paths: new RegExp(paths) } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(resetSeconds === undefined ? {} : { resetSeconds }),
    ...(sequence === undefined
      ? {}
      : { sequence: texts(sequence).map((name) => (name === 'none' ? name : faultKind(name))) }),
  };
}

function number(plan: JsonObject, name: string): number | undefined {
  const value = field(plan, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= 0))
    throw new RangeError(`${name} must be a number, 0 or above`);
  return value;
}

function texts(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.map(String);
  return String(value).split(',').filter(Boolean);
}

function faultKind(name: string): FaultKind {
  if (isFaultKind(name)) return name;
  throw new RangeError(`${name} is no kind of fault; there are ${Object.keys(FAULT_KINDS).join(', ')}`);
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(FAULT_KINDS, name);
}
