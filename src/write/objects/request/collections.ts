import { RecordError } from '../../../errors/record-error.ts';
import { OBJECTS } from '../../../objects/index.ts';

/** Collections that have no object (vitally-api.md, "Meetings", "Surveys"). */
const OTHERS = ['participants', 'transcript', 'responses', 'customObjects', 'healthScores'];

/** What a path has where it names a collection, in lower case. */
const COLLECTIONS: ReadonlySet<string> = new Set(
  [...OBJECTS.map(({ rest }) => rest?.path.split('/').at(-1) ?? ''), ...OTHERS].map((name) =>
    name.toLowerCase(),
  ),
);

/**
 * Rejects a DELETE whose last part is the name of a collection: whatever it is deleted from, it would be more than one
 * record. Throws {@link RecordError} `bad_key`.
 */
export function requireNoCollection(path: string): void {
  const last = decodeURIComponent(path.split('/').at(-1) ?? '');
  if (!COLLECTIONS.has(last.toLowerCase())) return;
  throw new RecordError({
    code: 'bad_key',
    message: 'the path of this DELETE ends in the name of a collection, all of which it could delete',
    fix: 'Give the id of one record.',
  });
}
