import { afterEach, beforeEach, jest } from '@jest/globals';
import {
  type AccessTokenOptions,
  createAccessTokens,
} from '../../../../functions/adapters/beyond-identity/access-token.ts';
import {
  type ApplicationOptions,
  createRequestToken,
} from '../../../../functions/adapters/beyond-identity/token-request.ts';
import {
  type HttpsRequest,
  type HttpsResponse,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

/** The lifetime of a token that `issued` describes. */
export const HOUR_MS = 3_600_000;
/** The scope that lists binding jobs. */
export const READ_JOBS = 'credential-binding-jobs:read';
/** What access tokens report to. */
export const observer = {
  called: jest.fn(),
  accessTokenRenewalFailed: jest.fn<(reason: string) => void>(),
  accessTokenUnavailable: jest.fn<(reason: string) => void>(),
};
/** The deadline of the current test. */
export let deadline: Deadline;

/** Runs each test of the file on a clock that only the test moves. */
export function useFakeClock(): void {
  beforeEach(() => {
    jest.clearAllMocks();
    jest.useFakeTimers();
    deadline = startDeadline(60_000);
  });
  afterEach(() => {
    deadline.clear();
    jest.useRealTimers();
  });
}

/** What a call gets: a response, an error of the connection, or nothing. */
export type Response = Partial<HttpsResponse> | Error | 'hang';

const ALL = `identities:read credential-binding-jobs:create ${READ_JOBS}`;

/** The response that issues a token. */
export const issued = (value: string, scope = ALL, expires_in = 3600): Response => ({
  body: JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in, scope }),
});

/** An error response of OAuth. */
export const refused = (status: number, error: string): Response => ({
  status,
  body: JSON.stringify({ error }),
});

/** The authorization server, and the client credentials. */
export interface World {
  responses: Response[];
  /** The client secret as first read, and as read again; `undefined`: it cannot be read. */
  secrets?: (string | undefined)[];
  /** The same of the client id. */
  clientIds?: string[];
  jobScope?: ApplicationOptions['jobScope'];
  timeoutMs?: number;
}

/** Access tokens in this world, and the requests for them. */
export function tokensIn(world: World) {
  const { responses, secrets = ['s'], clientIds = ['c'], jobScope = 'create', timeoutMs = 4000 } = world;
  const requests: HttpsRequest[] = [];
  const credentialsOf = (clientId: string | undefined, clientSecret: string | undefined) =>
    clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
  const options: AccessTokenOptions = {
    requestToken: createRequestToken(
      async (request, signal) => {
        const response = responses[Math.min(requests.length, responses.length - 1)];
        requests.push(request);
        if (response === 'hang') {
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          throw new RequestFailed(new Error('aborted'), false);
        }
        if (response instanceof Error) throw response;
        return { status: 200, headers: {}, body: '', ...response };
      },
      { tenantId: 't', applicationRealmId: 'admin', applicationId: 'a/b', jobScope },
      { firstMs: 0, longestMs: 0, shortestTryMs: 1 },
      observer,
    ),
    credentials: {
      current: async () => credentialsOf(clientIds[0], secrets[0]),
      renewed: async () => credentialsOf(clientIds.at(-1), secrets.at(-1)),
    },
    timeoutMs,
    retryMs: 10_000,
    observer,
  };
  return { tokens: createAccessTokens(options), requests };
}

/** The scopes that a request asks for. */
export const scopesOf = ({ body = '' }: HttpsRequest) => new URLSearchParams(body).get('scope');
