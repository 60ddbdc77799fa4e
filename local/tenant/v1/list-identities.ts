import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type ApiPath, type ApiState, rejectForeignRealm } from './api-state.ts';
import { authorize } from './authorization.ts';
import { describeIdentity, withUsername } from './identities.ts';
import { invalidParameters, success, type V1Request, type V1Response } from './messages.ts';
import { cutPage, PAGING_PARAMETERS } from './paging.ts';
import { IDENTITIES_READ } from './scopes.ts';
import { readQuery } from './strict-query.ts';

/** The only filter that the vendor documents; the string is JSON's (RFC 7644, section 3.4.2.2). */
const USERNAME_FILTER = /^traits\.username eq ("(?:[^"\\]|\\.)*")$/u;

/** Lists the identities of the realm, by user name if there is a filter. */
export function listIdentities(request: V1Request, path: ApiPath, state: ApiState): V1Response {
  const authorized = authorize(request, state.tokens, [IDENTITIES_READ]);
  if ('rejected' in authorized) return authorized.rejected;
  const foreign = rejectForeignRealm(path, state.ids);
  if (foreign !== undefined) return foreign;
  const query = readQuery(request.query, ['filter', ...PAGING_PARAMETERS]);
  if ('rejected' in query) return query.rejected;

  const filter = query.value.get('filter');
  const username = filter === undefined ? undefined : usernameIn(filter);
  if (filter !== undefined && username === undefined) {
    return invalidParameters([{ field: 'filter', description: 'invalid filter' }]);
  }
  const matching = username === undefined ? state.identities : withUsername(state.identities, username);
  const page = cutPage(matching, `identities ${filter ?? ''}`, query.value);
  if ('rejected' in page) return page.rejected;
  const { items, totalSize, nextPageToken } = page.value;
  return success({
    identities: items.map((identity) => describeIdentity(identity, state.ids)),
    total_size: totalSize,
    ...(nextPageToken !== undefined && { next_page_token: nextPageToken }),
  });
}

/** The user name that a query filters by, if any. */
export function usernameAskedFor(query: string): string | undefined {
  const parameters = readQuery(query, ['filter', ...PAGING_PARAMETERS]);
  const filter = 'value' in parameters ? parameters.value.get('filter') : undefined;
  return filter === undefined ? undefined : usernameIn(filter);
}

function usernameIn(filter: string): string | undefined {
  const parsed = parseJson(z.string(), USERNAME_FILTER.exec(filter)?.[1] ?? '');
  return 'value' in parsed ? parsed.value : undefined;
}
