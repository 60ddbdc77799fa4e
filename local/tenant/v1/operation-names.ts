/**
 * The operations of the simulated tenant, for a fault that hits only one and in the record of the calls. The last one replaces
 * the app's own server.
 */
export const OPERATIONS = [
  'token',
  'identities',
  'jobs',
  'list-jobs',
  'get-job',
  'revoke-job',
  'get-info',
  'bind',
  'authorize',
  'keys',
  'authenticate',
  'sign-in',
] as const;

/** Name of an operation; `jobs` creates a job, which sends the email. */
export type OperationName = (typeof OPERATIONS)[number];
