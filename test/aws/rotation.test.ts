import { expect, test } from '@jest/globals';
import { DEPLOYMENTS } from './deployments.ts';
import { eventually, recover, startService } from './service.ts';

test.concurrent.each(DEPLOYMENTS)(
  'on $platform with $delivery delivery, running instances take up the credential that npm run store-token stores',
  async (kind) => {
    await using service = await startService(kind);
    const endpoint = await service.startFunction('RecoverUserFunction');
    await service.startDelivery();
    await recover(endpoint, 'jane@example.com');
    await eventually(async () => service.tenant.mails[0]);

    service.rotateCredential();
    await service.storeCredential();
    await recover(endpoint, 'john@example.com');
    await eventually(async () => service.tenant.mails[1]);
    expect(service.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com', 'john@example.com']);
    // at once, and not after having waited for a later try
    expect((await service.auditLog()).map(({ detail }) => detail.outcome)).not.toContain('postponed');
  },
);
