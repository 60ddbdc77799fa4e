/** The operations of the simulated tenant, for a fault that hits only one and in the record of the calls. */
export const OPERATIONS = [
  'token',
  'identities',
  'jobs',
  'list-jobs',
  'get-job',
  'revoke-job',
  'get-info',
  'bind',
] as const;

/** Name of an operation; `jobs` creates a job, which sends the email. */
export type OperationName = (typeof OPERATIONS)[number];
