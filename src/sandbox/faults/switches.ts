/** Disputed or optional behaviour of Vitally, each off unless named; `--profile` of the `sandbox` command takes these names. */
export const SANDBOX_SWITCHES = {
  'put-creates': 'PUT on an unknown id creates the record, with the id of the path as its externalId',
  'post-refuses-duplicate': 'POST of an existing externalId is refused with 409',
  'post-refuses-duplicate-400': 'POST of an existing externalId is refused with 400',
  'post-answers-201': 'a POST that creates answers 201',
  'put-replaces-relations':
    "a user's accountIds and organizationIds are replaced by PUT and POST, not added to",
  'users-need-relations-on-update':
    'any write of a user without accountIds or organizationIds is refused with 400',
  'message-envelope': 'errors are {"message": …} instead of {"error": …}',
  'not-found-400': 'a record that is not there is answered with 400 and a not-found text',
  'not-found-200': 'a record that is not there is answered with 200 and {"error": "… not found"}',
  'unknown-parent-accepted': 'an association to an unknown id is ignored instead of refused',
  'page-limit-400': 'a limit above 100 is refused with 400 instead of clamped',
  'no-at-end': 'the pages of lists lack atEnd',
  'empty-page': 'every second page of a list has no results but a next cursor',
  'no-created-at': 'answers lack createdAt',
  'standard-traits-hidden':
    'mrr, nextRenewalDate, churnedAt and trialEndDate are shown as fields, not among the traits',
  'activity-post-refuses-duplicate':
    'POST of an existing externalId is refused with 409 for notes, tasks and everything of the kind',
  'activity-post-duplicates':
    'POST of an existing externalId makes a second record, where docs promise no upsert',
  'lists-show-archived': 'lists without ?archived= show archived records too',
  'scoped-lists-need-uuid': "lists of an account or organization take Vitally's id alone",
  'no-source-lookup':
    'notes and tasks that the API made are not found by externalId and ?source=, because they have no source',
  'conversation-path-external-id': 'paths of conversations take an externalId too',
  'conversation-put-needs-subject': 'PUT of a conversation without a subject is refused with 400',
  'admin-search-results': 'the search for an admin answers {"results": […]} instead of one object',
  'project-needs-customer-id': 'POST of a project wants customerId and refuses accountId',
  'project-needs-account-id': 'POST of a project wants accountId and refuses customerId',
  'instance-search-results': 'the search for instances answers {"results": […]} instead of a bare array',
  'deletes-archive':
    'DELETE of a custom object instance or project sets archivedAt, and searches and reads show it still',
  'meeting-accounts-empty': 'meetings show no accounts and organizations, no matter who takes part',
  'user-delete-immediate': 'a deleted user is gone at once',
  'organizations-off': 'organization endpoints are refused, as in a workspace without organizations',
  'rest-off': 'the REST API answers 403: not enabled for this workspace',
  'analytics-off': 'the Analytics API answers 403: not enabled for this workspace',
  'no-rate-headers': 'answers have no rate-limit headers',
  'x-rate-headers-only': 'only the X-RateLimit-* spelling',
  'rate-headers-only': 'only the RateLimit-* spelling',
  'reset-epoch': 'the reset header is a Unix timestamp in seconds',
  'retry-after': 'a 429 has Retry-After',
  'sliding-window': 'the rate limit counts the last 60 seconds instead of a token bucket',
  'fixed-window': 'the rate limit counts each full minute instead of a token bucket',
  'analytics-rejects-whole-batch': 'a bad message makes its batch 400, nothing is applied (the default)',
  'analytics-skips-bad': 'a bad message makes its batch 400, the good ones are applied',
  'analytics-drops-bad': 'a bad message is dropped silently, the answer is 200',
  'analytics-loses': 'every message is answered with 200 and none is applied',
  'analytics-alters': 'every message is answered with 200 and applied with other texts in its traits',
  'analytics-413': 'a batch above 50 kB is answered with 413',
  'analytics-null-kept': 'null over the Analytics API leaves a trait as it is',
  'analytics-reverses-batch': 'the messages of a batch are applied last first',
  'empty-batch-accepted': 'a batch without messages is answered with 200 instead of 400',
  'blocked-organization': 'Analytics requests with an organization message are refused with 400',
  'blocked-account': 'Analytics requests with an account message are refused with 400',
  'blocked-user': 'Analytics requests with a user message are refused with 400',
  'blocked-track': 'Analytics requests with a track message are refused with 400',
  'blocked-customobjectinstance':
    'Analytics requests with a customobjectinstance message are refused with 400',
  'blocked-unlink': 'Analytics requests with an unlink message are refused with 400',
} as const;

export type SwitchName = keyof typeof SANDBOX_SWITCHES;

/** The switches that are on. */
export type Switches = ReadonlySet<SwitchName>;

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(SANDBOX_SWITCHES, name);
}

/** @throws RangeError that names every unknown switch. */
export function parseSwitches(names: readonly string[]): Switches {
  const unknown = names.filter((name) => !isSwitchName(name));
  if (unknown.length > 0) throw new RangeError(`unknown sandbox switch: ${unknown.join(', ')}`);
  return new Set(names.filter(isSwitchName));
}
