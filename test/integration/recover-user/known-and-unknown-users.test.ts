import { afterEach, describe, expect, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import { PLATFORMS, type PlatformService } from '../platforms.ts';
import { metricValues } from '../recovery-service.ts';
import { visible } from './responses.ts';

let service: PlatformService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';
const UNKNOWN = 'nobody@example.com';
const SUSPENDED = 'sam@example.com';

describe.each(PLATFORMS)('a recovery on $platform', (platform) => {
  test.each([
    ['known', KNOWN],
    ['unknown', UNKNOWN],
    ['suspended', SUSPENDED],
  ])('of a(n) %s user has the same response as that of a known user', async (_kind, email) => {
    service = await platform.start();
    const response = await service.recover(email);
    expect(await visible(response)).toMatchObject({ status: 202, body: ACCEPTED_BODY });
    const reference = await visible(await service.recover(KNOWN));
    expect({ ...reference }).toEqual(await visible(await service.recover(email)));
  });

  test('sends no email to an unknown or suspended user', async () => {
    service = await platform.start();
    await service.recover(UNKNOWN);
    await service.recover(SUSPENDED);
    expect(service.tenant.mails).toEqual([]);
    expect(metricValues(service.printed(), 'NotRecoverable')).toEqual([1, 1]);
  });

  test('runs fifty times concurrently with one read of the API token', async () => {
    const emails = Array.from({ length: 50 }, (_, index) => `user${index}@example.com`);
    const users = emails.map((email) => ({
      externalId: email,
      email,
      displayName: email,
      status: 'active' as const,
    }));
    service = await platform.start({ users });
    const responses = await Promise.all(emails.map((email) => service.recover(email)));
    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(202));
    expect(service.tenant.mails).toHaveLength(50);
    expect(service.secretsManager.requests).toHaveLength(1);
  });
});
