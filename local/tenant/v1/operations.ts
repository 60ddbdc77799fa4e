import { createJob } from './create-job.ts';
import { bindCredential, getInfo, type LinkState } from './link-operations.ts';
import { listIdentities } from './list-identities.ts';
import type { V1Request, V1Response } from './messages.ts';
import type { OperationName } from './operation-names.ts';
import { getJob, listJobs, revokeJob } from './read-jobs.ts';
import type { RoutePath } from './routes.ts';
import type { SignInOperations } from './sign-in-operations.ts';
import { issueToken, type TokenEndpoint } from './token-operation.ts';

/** Executes an operation. */
export type Executor = (operation: OperationName, request: V1Request, path: RoutePath) => V1Response;

/** Executes the operations of the authorization server and of the API on one state. */
export function executorOf({
  endpoint,
  state,
  signIn,
}: {
  readonly endpoint: TokenEndpoint;
  readonly state: LinkState;
  readonly signIn: SignInOperations;
}): Executor {
  const operations: Readonly<Record<OperationName, (request: V1Request, path: RoutePath) => V1Response>> = {
    token: (request, path) => issueToken(request, path, endpoint),
    identities: (request, path) => listIdentities(request, path, state),
    jobs: (request, path) => createJob(request, path, state),
    'list-jobs': (request, path) => listJobs(request, path, state),
    'get-job': (request, path) => getJob(request, path, state),
    'revoke-job': (request, path) => revokeJob(request, path, state),
    'get-info': (request, path) => getInfo(request, path, state),
    bind: (request, path) => bindCredential(request, path, state),
    authorize: signIn.authorize,
    keys: signIn.keys,
    authenticate: signIn.authenticate,
    'sign-in': signIn.redeem,
  };
  return (operation, request, path) => operations[operation](request, path);
}
