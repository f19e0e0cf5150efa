import { ConfigError } from '../../errors/config-error.ts';
import type { RecordError } from '../../errors/record-error.ts';
import type { Route } from '../../mapping/route.ts';
import { nameOf } from '../../report/summary.ts';

/** What ends a run whose policy is fail_fast. */
export function failedFast(error: RecordError, route: Route, line: number): ConfigError {
  const { code, field, httpStatus, message, fix } = error;
  const where = [`line ${line} of stream ${nameOf(route)}`, field && `field ${field}`]
    .filter(Boolean)
    .join(', ');
  return new ConfigError(
    `Stopped at the first rejected record (${code}), ${where}, as rejected_records.policy fail_fast asks: ${sentence(message)} ${fix}`,
    {
      cause: error,
      technical: `${code}${httpStatus === undefined ? '' : `, status ${httpStatus}`}, ${where}`,
      stream: { name: route.stream, namespace: route.namespace },
    },
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
