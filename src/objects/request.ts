import type { VitallyObject } from './object.ts';

/**
 * The way to any endpoint of the REST API that has no object: method and path are the stream's, a row fills the
 * path and gives the body.
 */
export const request: VitallyObject = {
  name: 'request',
  plural: 'requests',
  title: 'Request',
  streamNames: ['request', 'requests'],
  keys: [],
  modes: ['update', 'append', 'delete'],
  fields: {},
  requiredToCreate: [],
  others: 'body',
  byPath: true,
  rest: { path: '/resources' },
};
