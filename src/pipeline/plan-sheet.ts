import { isJsonObject } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { cellOf, sheetRow } from '../report/sheet.ts';

const COLUMNS: Readonly<Record<string, (planned: JsonObject) => JsonValue | undefined>> = {
  line: ({ line }) => line,
  stream: ({ stream }) => stream,
  namespace: ({ namespace }) => namespace,
  object: ({ object }) => object,
  mode: ({ mode }) => mode,
  key: ({ key }) => key,
  outcome: ({ outcome }) => outcome,
  changes: ({ changes }) => changesText(changes),
  rejection_code: ({ rejection }) => part(rejection, 'code'),
  rejection_field: ({ rejection }) => part(rejection, 'field'),
  rejection_message: ({ rejection }) => part(rejection, 'message'),
  rejection_fix: ({ rejection }) => part(rejection, 'fix'),
  request_method: ({ request }) => part(request, 'method'),
  request_path: ({ request }) => part(request, 'path'),
  request_body: ({ request }) => part(request, 'body'),
};

/** The first row of a plan as a sheet. */
export const PLAN_HEADER = sheetRow(Object.keys(COLUMNS));

/** A line of the plan as a row of a sheet. */
export function planRow(line: string): string {
  const planned = parseLossless(line);
  if (!isJsonObject(planned)) throw new Error('a line of the plan is no object');
  return sheetRow(Object.values(COLUMNS).map((column) => cellOf(column(planned))));
}

function part(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

/** `traits.plan: "free" → "pro"`, one a line. */
function changesText(changes: JsonValue | undefined): string | undefined {
  if (!isJsonObject(changes)) return undefined;
  return Object.entries(changes)
    .map(([name, change]) => `${name}: ${shown(change, 'from')} → ${shown(change, 'to')}`)
    .join('\n');
}

function shown(change: JsonValue | undefined, name: string): string {
  return JSON.stringify(part(change, name) ?? null);
}
