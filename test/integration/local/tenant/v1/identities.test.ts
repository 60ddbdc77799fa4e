import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_ADMIN_REALM_ID,
  SIMULATED_REALM_ID,
  SIMULATED_TENANT_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { identitiesBody } from './response-bodies.ts';
import {
  aboutResource,
  callApi,
  findByFilter,
  IDENTITIES_PATH,
  identityOf,
  violation,
} from './v1-tenant-harness.ts';

const JANE = 'traits.username eq "jane@example.com"';

let tenant: V1Tenant;
beforeEach(async () => {
  tenant = await startV1Tenant();
});
afterEach(() => tenant.close());

async function usernames(path: string) {
  const body = identitiesBody.parse(await (await callApi(tenant, path)).json());
  const names = body.identities.map(({ traits }) => traits.username);
  return { names, total: body.total_size, next: body.next_page_token };
}

describe('identities', () => {
  test('are found by user name, whatever its case', async () => {
    for (const name of ['jane@example.com', 'JANE@Example.com']) {
      const response = await findByFilter(tenant, `traits.username eq "${name}"`, '&page_size=2');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        identities: [
          {
            id: expect.stringMatching(/^[0-9a-f]{16}$/),
            realm_id: SIMULATED_REALM_ID,
            tenant_id: SIMULATED_TENANT_ID,
            display_name: 'Jane Doe',
            create_time: expect.any(String),
            update_time: expect.any(String),
            status: 'active',
            enrollment_status: 'ENROLLED',
            traits: {
              type: 'traits_v0',
              username: 'jane@example.com',
              primary_email_address: 'jane@example.com',
            },
          },
        ],
        total_size: 1,
      });
    }
  });

  test('of an unknown user are none', async () => {
    const response = await findByFilter(tenant, 'traits.username eq "nobody@example.com"');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ identities: [], total_size: 0 });
  });

  test('can be suspended, or lack an email address', async () => {
    const suspended = await findByFilter(tenant, 'traits.username eq "sam@example.com"');
    expect(await suspended.json()).toMatchObject({ identities: [{ status: 'suspended' }] });
    const noah = await findByFilter(tenant, 'traits.username eq "noah@example.com"');
    expect(identitiesBody.parse(await noah.json()).identities[0]?.traits).toEqual({
      type: 'traits_v0',
      username: 'noah@example.com',
    });
  });

  test('are found by a user name with a plus, a quote or a letter beyond ASCII', async () => {
    const found = ['a+b@example.com', 'a"b@example.com', 'jürgen@example.com'];
    await tenant.close();
    tenant = await startV1Tenant({
      identities: found.map((username) => ({ ...identityOf('jane@example.com'), username })),
    });
    for (const username of found) {
      const response = await findByFilter(tenant, `traits.username eq ${JSON.stringify(username)}`);
      expect(await response.json()).toMatchObject({ identities: [{ traits: { username } }], total_size: 1 });
    }
  });

  test('come in pages of page_size, 20 by default', async () => {
    const identities = Array.from({ length: 25 }, (_, index) => ({
      ...identityOf('jane@example.com'),
      id: String(index).padStart(16, '0'),
      username: `user-${index}`,
    }));
    await tenant.close();
    tenant = await startV1Tenant({ identities });
    const first = await usernames(IDENTITIES_PATH);
    expect([first.names.length, first.total]).toEqual([20, 25]);
    const rest = await usernames(`${IDENTITIES_PATH}?page_token=${first.next}`);
    expect(rest).toEqual({ names: expect.arrayContaining(['user-20', 'user-24']), total: 25 });
    expect((await usernames(`${IDENTITIES_PATH}?page_size=200`)).names).toHaveLength(25);
    expect((await usernames(`${IDENTITIES_PATH}?page_size=2&skip=24`)).names).toEqual(['user-24']);
    const one = await usernames(`${IDENTITIES_PATH}?page_size=1`);
    expect((await usernames(`${IDENTITIES_PATH}?page_token=${one.next}`)).names).toEqual(['user-1']);
  });
});

describe('the query of identities', () => {
  test.each([
    'traits.username eq "a"b"',
    'traits.username eq "a" or traits.username eq "b"',
    'traits.username eq jane@example.com',
    "traits.username eq 'jane'",
    'traits.username eq "a\\q"',
    'traits.username eq "a\nb"',
    'traits.username eq "a',
    'traits.username  eq "a"',
    'traits.username EQ "a"',
    'traits.username co "a"',
    'traits.primary_email_address eq "a"',
    'username eq "a"',
    ' traits.username eq "a"',
    '',
  ])('is rejected with the filter %j', async (filter) => {
    const response = await findByFilter(tenant, filter);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(violation('filter', 'invalid filter'));
  });

  test.each([
    ['a literal plus', `filter=${encodeURIComponent(JANE).replaceAll('%20', '+')}`, 'filter'],
    ['an invalid escape', 'filter=%zz', 'filter'],
    ['an incomplete UTF-8 sequence', 'filter=%C3', 'filter'],
    ['an unknown parameter', 'email=jane', 'email'],
    ['a repeated parameter', 'page_size=1&page_size=2', 'page_size'],
    ['a page size of 0', 'page_size=0', 'page_size'],
    ['a page size of 201', 'page_size=201', 'page_size'],
    ['a page size of 2.5', 'page_size=2.5', 'page_size'],
    ['a negative skip', 'skip=-1', 'skip'],
    ['an invented page token', 'page_token=abc', 'page_token'],
  ])('is rejected with %s', async (_, query, field) => {
    const response = await callApi(tenant, `${IDENTITIES_PATH}?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(violation(field, expect.any(String)));
  });

  test('is rejected with a page token of another filter', async () => {
    const { next } = await usernames(`${IDENTITIES_PATH}?page_size=1`);
    const response = await findByFilter(tenant, JANE, `&page_token=${next}`);
    expect(await response.json()).toEqual(violation('page_token', 'invalid page token'));
  });

  test('is rejected with a quote that is not percent-encoded, which fetch would encode', async () => {
    const { hostname, port } = new URL(tenant.url);
    const path = `${IDENTITIES_PATH}?filter=traits.username%20eq%20"jane@example.com"`;
    const headers = { authorization: `Bearer ${tenant.consoleToken}` };
    const call = request({ hostname, port, path, headers }).end();
    const [response] = await once(call, 'response');
    response.resume();
    expect(response.statusCode).toBe(400);
  });
});

describe('access to identities', () => {
  test.each([
    ['no token', null],
    ['an unknown token', 'unknown'],
    ['an empty token', ''],
  ])('is refused with %s', async (_, token) => {
    const response = await callApi(tenant, IDENTITIES_PATH, { token });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: 'unauthorized', message: 'unauthorized' });
  });

  test('is refused with another scheme than Bearer', async () => {
    const headers = { authorization: `bearer: ${tenant.consoleToken}` };
    expect((await callApi(tenant, IDENTITIES_PATH, { token: null, headers })).status).toBe(401);
  });

  test('is forbidden without identities:read', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:create'] });
    const response = await callApi(tenant, IDENTITIES_PATH, { token });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ code: 'forbidden', message: 'forbidden' });
  });

  test.each([
    ['tenant', SIMULATED_TENANT_ID, '0000000000000000', SIMULATED_REALM_ID],
    ['realm', SIMULATED_REALM_ID, SIMULATED_ADMIN_REALM_ID, SIMULATED_ADMIN_REALM_ID],
  ])('does not find the realm of another %s', async (_, id, other, realm) => {
    const response = await callApi(tenant, IDENTITIES_PATH.replace(id, other));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(aboutResource('not_found', 'Realm', realm, 'realm not found'));
  });

  test('has no other methods, and the tenant no other paths', async () => {
    const post = await callApi(tenant, IDENTITIES_PATH, { method: 'POST', body: {} });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
    for (const path of ['/', '/v1', `${IDENTITIES_PATH}/`, '/v1/manage/recover-user']) {
      expect((await callApi(tenant, path)).status).toBe(404);
    }
  });
});
