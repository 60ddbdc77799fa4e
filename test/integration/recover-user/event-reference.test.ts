import { describe, expect, test } from '@jest/globals';
import { sendJson, startHttpServer } from '../../../local/http-server.ts';
import { publishedEvents, setAwsEndpoints, useEventBus } from '../emulated-aws.ts';
import { startRecoveryService, startV1RecoveryService } from '../recovery-service.ts';

useEventBus();

const BUS = { EVENT_BUS_NAME: 'the-bus' };
const references = () => publishedEvents().map(({ detail }) => detail.reference);

describe('the reference in events', () => {
  test('is on v1 the id of the identity whose request was accepted, and absent for others', async () => {
    const service = await startV1RecoveryService({ environment: { ...BUS, INCLUDE_REFERENCE: 'true' } });
    for (const email of ['jane@example.com', 'nobody@example.com']) await service.recover(email);
    const [job] = service.tenant.bindingJobs;
    await service.close();
    expect(references()).toEqual([job?.identity_id, undefined]);
  });

  test('is on v0 the external id that the directory found', async () => {
    const lambda = await startHttpServer((_request, response) => {
      sendJson(response, 200, { reference: 'user-7' });
    });
    setAwsEndpoints({ LAMBDA: lambda.url });
    const jane = { email: 'jane@example.com', displayName: 'Jane', status: 'active' } as const;
    const service = await startRecoveryService({
      tenant: { users: [{ externalId: 'user-7', ...jane }] },
      environment: {
        ...BUS,
        INCLUDE_REFERENCE: 'true',
        DIRECTORY: 'lambda',
        DIRECTORY_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:find-user',
      },
    });
    await service.recover('jane@example.com');
    await service.close();
    await lambda.close();
    expect(references()).toEqual(['user-7']);
  });

  test.each(['false', ''])('is absent unless it was asked for (%j)', async (INCLUDE_REFERENCE) => {
    const service = await startV1RecoveryService({ environment: { ...BUS, INCLUDE_REFERENCE } });
    await service.recover('jane@example.com');
    await service.close();
    expect(references()).toEqual([undefined]);
  });
});
