import type { StreamEntry } from '../config/stream-options.ts';
import { addFault, type Findings } from '../errors/findings.ts';
import { quoted } from '../errors/quoted.ts';
import type { Route } from '../mapping/route.ts';
import { objectNamed, objectOfStream } from '../objects/index.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { exampleEntry, nearestObject, objectNames } from './entries.ts';

export type ResolvedObject = Pick<Route, 'object' | 'customObject' | 'customObjectPlace'>;

/** How the fault begins of a stream that neither an entry nor its name leads to an object. */
export const NO_OBJECT = 'is mapped to no object of Vitally';

/** An object's name as config or catalog gives it: `custom_object:Subscriptions` says which custom object too. */
interface Named {
  readonly object: VitallyObject;
  readonly customObject: string | undefined;
}

/** The object of a stream. Contract 3, rules 1 to 4. */
export function resolveObject(
  stream: ConfiguredStream,
  entry: StreamEntry | undefined,
  findings: Findings,
): ResolvedObject | undefined {
  const named = namedObject(stream, entry, findings);
  return named === undefined ? undefined : resolveCustomObject(stream, named, entry, findings);
}

function namedObject(
  stream: ConfiguredStream,
  entry: StreamEntry | undefined,
  findings: Findings,
): Named | undefined {
  const title = titleOf(stream);
  const entryPath = `${entry?.path ?? ''}/object`;
  const asked = entry?.object;
  if (stream.destinationObject !== undefined) {
    const path = `${stream.path}/destination_object_name`;
    const named = knownObject(stream.destinationObject, path, title, findings);
    if (named === undefined || asked === undefined) return named;
    const byEntry = read(asked, objectNamed);
    if (byEntry?.object === named.object) {
      return { object: named.object, customObject: named.customObject ?? byEntry.customObject };
    }
    const { name } = named.object;
    const message = `${title} is mapped to ${name} in the connection; write "${name}" here or change the connection`;
    addFault(findings, entryPath, message);
    return undefined;
  }
  if (asked !== undefined) return knownObject(asked, entryPath, title, findings);
  const named = read(stream.name, objectOfStream);
  if (named === undefined) {
    const message = `${title} ${NO_OBJECT}. Add to "streams", with its object (${objectNames()}): ${exampleEntry(stream, 'account')}`;
    addFault(findings, '/streams', message);
  }
  return named;
}

/** Config or catalog must say which custom object it is, and may say it of custom objects alone. */
function resolveCustomObject(
  stream: ConfiguredStream,
  { object, customObject: byName }: Named,
  entry: StreamEntry | undefined,
  findings: Findings,
): ResolvedObject | undefined {
  const title = titleOf(stream);
  const isMapped = stream.destinationObject !== undefined;
  const place = isMapped ? `${stream.path}/destination_object_name` : '/streams';
  const path = entry === undefined ? place : `${entry.path}/custom_object`;
  const objectPlace = entry === undefined || isMapped ? place : `${entry.path}/object`;
  const asked = entry?.customObject;
  if (object.definedByWorkspace !== true) {
    if (asked === undefined) return { object };
    const message = `${title} is written to ${object.plural}; leave "custom_object" out, or say "object": "custom_object"`;
    addFault(findings, path, message);
    return undefined;
  }
  if (asked !== undefined && byName !== undefined && asked !== byName) {
    const message = `${title} names its custom object twice, and differently; leave "custom_object" out or correct it`;
    addFault(findings, path, message);
    return undefined;
  }
  const customObject = byName ?? asked;
  if (customObject !== undefined) {
    return { object, customObject, customObjectPlace: byName === undefined ? path : objectPlace };
  }
  const remedy =
    entry !== undefined
      ? 'give its name, label or id'
      : isMapped
        ? `map it to ${object.name}:<name>`
        : `add to "streams": ${exampleEntry(stream, object.name)} with its name`;
  addFault(findings, path, `${title} does not say which custom object its rows become; ${remedy}`);
  return undefined;
}

function knownObject(name: string, path: string, title: string, findings: Findings): Named | undefined {
  const named = read(name, objectNamed);
  if (named === undefined) {
    const nearest = nearestObject(name);
    const remedy =
      nearest === undefined ? `the objects are ${objectNames()}` : `did you mean ${quoted(nearest)}?`;
    addFault(findings, path, `${title}: ${quoted(name)} is no object of Vitally; ${remedy}`);
  }
  return named;
}

function read(name: string, find: (name: string) => VitallyObject | undefined): Named | undefined {
  const whole = find(name);
  if (whole !== undefined) return { object: whole, customObject: undefined };
  const colon = name.indexOf(':');
  const object = find(name.slice(0, Math.max(colon, 0)));
  const customObject = name.slice(colon + 1).trim();
  return object?.definedByWorkspace === true && customObject !== '' ? { object, customObject } : undefined;
}
