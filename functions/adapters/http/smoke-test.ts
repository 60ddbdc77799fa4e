import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import { createHttpsClient, type RequestFailed } from './https-client.ts';

/**
 * An address that the request model of API Gateway lets through, and the function rejects: no domain begins with a hyphen.
 * So the request reaches the function, and costs next to nothing: nobody is looked up, counted or mailed.
 */
const NO_ADDRESS = 'smoke-test@-.invalid';

/** The problem document of a request whose address is none. */
const addressProblem = z.object({
  status: z.literal(422),
  errors: z.array(z.object({ pointer: z.literal('#/email') })).check(z.minLength(1)),
});

/**
 * Sends the endpoint a request that it must reject. Resolves with what is wrong with the response; none: the function
 * behind the endpoint responds as it should.
 */
export async function smokeTest(endpointUrl: URL, { signal }: Deadline): Promise<string[]> {
  const send = createHttpsClient(new URL(endpointUrl.origin));
  const response = await send(
    {
      method: 'POST',
      path: endpointUrl.pathname,
      headers: {
        'content-type': 'application/json',
        accept: 'application/problem+json',
        // the web ACL blocks requests without one
        'user-agent': 'user-recovery-smoke-test',
      },
      body: JSON.stringify({ email: NO_ADDRESS }),
    },
    signal,
  ).catch((error: RequestFailed) => error);
  if (response instanceof Error) return [`${endpointUrl.href}: ${response.message}`];
  const { status, headers, body } = response;
  const what = `${endpointUrl.href} responds to a bad address with ${status}`;
  if (status !== 422) return [`${what} instead of 422`];
  if (!headers['content-type']?.startsWith('application/problem+json')) {
    return [`${what}, and without a problem document`];
  }
  if (!isAddressProblem(body)) return [`${what}, and a problem document that does not point to the address`];
  return [];
}

function isAddressProblem(body: string | undefined): boolean {
  try {
    return addressProblem.safeParse(JSON.parse(body ?? '')).success;
  } catch {
    return false;
  }
}
