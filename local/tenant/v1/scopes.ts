/** Finds identities. */
export const IDENTITIES_READ = 'identities:read';

/** Creates credential binding jobs. */
export const JOBS_CREATE = 'credential-binding-jobs:create';

/** Creates credential binding jobs whose link is sent by email, and no others. */
export const JOBS_CREATE_EMAIL = 'credential-binding-jobs:create-email';

/** Reads credential binding jobs. */
export const JOBS_READ = 'credential-binding-jobs:read';

/** Revokes credential binding jobs. */
export const JOBS_REVOKE = 'credential-binding-jobs:revoke';

/** The scopes that the simulated application has by default. */
export const DEFAULT_SCOPES: readonly string[] = [IDENTITIES_READ, JOBS_CREATE, JOBS_READ];
