import * as z from 'zod/mini';
import type { ForwardResult } from '../../core/forward.ts';
import type { Try } from '../../core/retry.ts';
import type { HttpsResponse } from '../http/https-client.ts';
import { type ApiCall, authorizedHeaders, parsedJson } from './api-call.ts';

/** An identity that can be recovered. */
export interface FoundIdentity {
  outcome: 'found';
  id: string;
}

/** What the lookup of an identity came to. */
export type IdentityResult = FoundIdentity | ForwardResult;

/** Ids as the vendor makes them, and anything else that is safe in a path. */
const IDENTITY_ID = /^[\w-]{1,64}$/;

const identities = z.object({
  identities: z.array(
    z.object({
      id: z.string().check(z.regex(IDENTITY_ID)),
      status: z.string(),
      traits: z.object({ username: z.string() }),
    }),
  ),
});

/** The longest user name, in characters. */
const LONGEST_USER_NAME = 64;

/** Characters that no user name has, by the vendor's documentation; control characters are none, either. */
const NEVER_IN_USER_NAME = /[{}[\]<>;:?\\/|*^%$#=~`!\p{Cc}]/u;

/** Whether a text can be the id of an identity. */
export function isIdentityId(text: string): boolean {
  return IDENTITY_ID.test(text);
}

/** Whether a text can be a user name of a v1 identity. No user has a name that cannot. */
export function canBeUserName(text: string): boolean {
  return text !== '' && [...text].length <= LONGEST_USER_NAME && !NEVER_IN_USER_NAME.test(text);
}

/**
 * The operation `ListIdentities` for one user name. `traits.username eq "..."` is the only filter; its text is a JSON
 * string, and all of it is percent-encoded, because the API takes no `+`.
 */
export function findIdentity(
  realmPath: string,
  userName: string,
  accessToken: string,
): ApiCall<IdentityResult> {
  const filter = encodeURIComponent(`traits.username eq ${JSON.stringify(userName)}`);
  return {
    operation: 'identities',
    request: {
      method: 'GET',
      // the second one would show that the filter was ignored
      path: `${realmPath}/identities?filter=${filter}&page_size=2`,
      headers: authorizedHeaders(accessToken),
    },
    read: (response) => readIdentity(response, userName),
  };
}

function readIdentity({ status, body }: HttpsResponse, userName: string): Try<IdentityResult> {
  // a realm that does not exist, or a filter that is not understood: never an unknown user
  if (status >= 300) return { result: { outcome: 'misconfigured' } };
  const { data } = identities.safeParse(parsedJson(body)?.value);
  if (data === undefined) return { result: { outcome: 'upstream-failed' }, retry: {} };
  if (data.identities.length === 0) return { result: { outcome: 'not-recoverable' } };
  const name = userName.toLowerCase();
  const found = data.identities.find(({ traits }) => traits.username.toLowerCase() === name);
  // the upstream does not filter: no other user must get an email
  if (found === undefined) return { result: { outcome: 'misconfigured' } };
  if (found.status !== 'active') return { result: { outcome: 'not-recoverable' } };
  return { result: { outcome: 'found', id: found.id } };
}
