import { SIGN_IN_PATH } from '../../paths.ts';
import type { OperationName } from './operation-names.ts';

/** The parameters of a path, empty where a path lacks one. */
export interface RoutePath {
  readonly tenantId: string;
  readonly realmId: string;
  readonly applicationId: string;
  readonly identityId: string;
  readonly jobId: string;
}

/** The operations of a path by method. */
export interface Route {
  readonly path: RoutePath;
  readonly operations: Readonly<Record<string, OperationName>>;
}

const REALM = '/v1/tenants/(?<tenantId>[^/]+)/realms/(?<realmId>[^/]+)';
const APPLICATION = `${REALM}/applications/(?<applicationId>[^/]+)`;
const IDENTITIES = `${REALM}/identities`;
const JOBS = `${IDENTITIES}/(?<identityId>[^/]+)/credential-binding-jobs`;
const JOB = `${JOBS}/(?<jobId>[^/:]+)`;

const ROUTES: readonly [path: RegExp, operations: Route['operations']][] = [
  [exactly(`${APPLICATION}/token`), { POST: 'token' }],
  [exactly(`${APPLICATION}/authorize`), { GET: 'authorize' }],
  [exactly(`${APPLICATION}/\\.well-known/jwks\\.json`), { GET: 'keys' }],
  [exactly(`${APPLICATION}/bi-authenticate`), { POST: 'authenticate' }],
  [exactly(IDENTITIES), { GET: 'identities' }],
  [exactly(JOBS), { POST: 'jobs', GET: 'list-jobs' }],
  [exactly(JOB), { GET: 'get-job' }],
  [exactly(`${JOB}:revoke`), { POST: 'revoke-job' }],
  [exactly(`${JOB}:getInfo`), { POST: 'get-info' }],
  [exactly(`${JOB}:bind`), { POST: 'bind' }],
  [exactly(SIGN_IN_PATH), { POST: 'sign-in' }],
];

/** The route of a path, if there is one. */
export function findRoute(path: string): Route | undefined {
  for (const [pattern, operations] of ROUTES) {
    const matched = pattern.exec(path);
    if (matched !== null) {
      const {
        tenantId = '',
        realmId = '',
        applicationId = '',
        identityId = '',
        jobId = '',
      } = matched.groups ?? {};
      return { path: { tenantId, realmId, applicationId, identityId, jobId }, operations };
    }
  }
  return undefined;
}

function exactly(path: string): RegExp {
  return new RegExp(`^${path}$`);
}
