import { beforeEach, jest } from '@jest/globals';
import { createV1Client } from '../../../../functions/adapters/beyond-identity/v1-client.ts';
import type { HttpsRequest, HttpsResponse } from '../../../../functions/adapters/http/https-client.ts';
import type { RecoveryCall } from '../../../../functions/core/forward.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

/** Practically no pauses. */
export const PAUSES = { firstMs: 1, longestMs: 1, shortestTryMs: 0 };
/** What the client reports to. */
export const observer = { called: jest.fn(), unrecognizedSuccess: jest.fn(), forbiddenForOneUser: jest.fn() };

/** Forgets the reports of earlier tests, before each test of the file. */
export function useObserver(): void {
  beforeEach(() => {
    jest.clearAllMocks();
  });
}

/** What a call gets: a response, or an error of the connection. */
export type Response = Partial<HttpsResponse> | Error;
type Operation = 'find' | 'create' | 'list';

/** The path of identities in the client's realm. */
export const IDENTITIES_PATH = '/v1/tenants/t/realms/r/identities';

/** An identity as the API returns it. */
export const identity = (username: string, status = 'active') => ({
  id: 'id-of-user',
  status,
  traits: { username },
});

/** A page of identities. */
export const found = (...identities: object[]): Response => ({ body: JSON.stringify({ identities }) });

/** A page of binding jobs. */
export const jobs = (...list: object[]): Response => ({
  body: JSON.stringify({ credential_binding_jobs: list }),
});

/** A page with one active identity. */
export const JANE = found(identity('Jane@Example.com'));

/** A job whose link was sent. */
export const CREATED: Response = { body: '{"credential_binding_job":{"id":"j","state":"LINK_SENT"}}' };

/** An error document of the vendor. */
export const error = (status: number, ...details: object[]): Response => ({
  status,
  body: JSON.stringify({ code: 'some_code', message: 'no', details }),
});

/** The responses of each operation, the last one repeated, and the recovery. */
export interface World {
  find?: Response[];
  create?: Response[];
  list?: Response[];
  canReadJobs?: boolean;
  references?: 'user-name' | 'identity-id';
  call?: Partial<RecoveryCall>;
  /** Whether the user is looked up before the recovery begins. */
  isPrepared?: boolean;
}

/** The outcome of a recovery whose operations get these responses, the last one repeated, and the requests made. */
export async function recover(world: World = {}) {
  const { find = [JANE], create = [CREATED], list = [jobs()], canReadJobs = false } = world;
  const scripts: Record<Operation, Response[]> = { find, create, list };
  const requests: (HttpsRequest & { operation: Operation })[] = [];
  const deadline = startDeadline(1000);
  const client = createV1Client(
    async (request) => {
      const isJobs = request.path.includes('credential-binding-jobs');
      const operation = !isJobs ? 'find' : request.method === 'POST' ? 'create' : 'list';
      const count = requests.filter((earlier) => earlier.operation === operation).length;
      requests.push({ ...request, operation });
      const script = scripts[operation];
      const response = script[Math.min(count, script.length - 1)];
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, body: '', ...response };
    },
    {
      tenantId: 't',
      realmId: 'r',
      authenticatorConfigId: 'config',
      postBindingRedirectUri: 'https://app.example.com/',
      references: world.references ?? 'user-name',
      canReadJobs: () => canReadJobs,
    },
    PAUSES,
    observer,
  );
  const call = { reference: 'jane@example.com', apiToken: 'tok', ...world.call };
  const lookup = world.isPrepared ? await client.lookUp?.(call, deadline) : undefined;
  const result = await client.recoverUser({ ...call, lookup }, deadline, { left: 3 }).finally(deadline.clear);
  return { result, requests, operations: requests.map(({ operation }) => operation) };
}
