/** The flags of `sandbox`, as yargs takes them. They lie apart so that naming them loads no server. */
export const SANDBOX_FLAGS = {
  port: { type: 'number', default: 8080, describe: '0 takes any free port' },
  host: { type: 'string', default: '127.0.0.1', describe: 'interface to listen on' },
  'allow-host': { type: 'array', describe: 'further names that requests may be addressed to' },
  seed: { type: 'string', describe: 'JSON file of records to begin with' },
  'rest-token': { type: 'string', default: 'rest-token', describe: 'token of the REST API' },
  'analytics-token': { type: 'string', default: 'analytics-token', describe: 'token of the Analytics API' },
  'requests-per-minute': { type: 'number', default: 1000, describe: 'limit of each API' },
  'write-cost': { type: 'number', default: 1, describe: 'units of the limit that a REST write costs' },
  'latency-ms': { type: 'number', default: 0, describe: 'before each answer' },
  'analytics-delay-ms': { type: 'number', default: 0, describe: 'until a message is applied' },
  profile: { type: 'string', default: '', describe: 'switches, separated by commas' },
  'fault-rate': { type: 'number', default: 0, describe: 'share of requests that go wrong, 0 to 1' },
  'fault-kinds': {
    type: 'string',
    describe: 'kinds of faults, separated by commas; all of them by default',
  },
  'fault-seed': { type: 'number', default: 1, describe: 'which requests go wrong' },
} as const;
