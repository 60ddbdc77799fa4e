import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createCloudWatchAuditLog } from '../../../../functions/adapters/aws/audit-log.ts';
import type { AuditEvent } from '../../../../functions/core/outcomes.ts';

const EVENT: AuditEvent = {
  requestId: 'request',
  sourceIp: '203.0.113.7',
  outcome: 'forwarded',
  mailbox: 'pseudonym',
};

test('a log stream whose creation never ends is created again for the next audit event', async () => {
  const cloudWatchLogs = mockClient(CloudWatchLogsClient);
  const failed = jest.fn<(event: AuditEvent, reason: string) => void>();
  cloudWatchLogs
    .on(CreateLogStreamCommand)
    .callsFakeOnce(() => new Promise(() => undefined))
    .resolves({});
  cloudWatchLogs.on(PutLogEventsCommand).resolves({});
  const auditLog = createCloudWatchAuditLog({
    client: new CloudWatchLogsClient(),
    logGroupName: 'audit',
    streamTimeoutMs: 20,
    failed,
  });
  await auditLog.warmUp();
  await auditLog.write(EVENT, 1_000);
  expect(failed).not.toHaveBeenCalled();
  expect(cloudWatchLogs.commandCalls(PutLogEventsCommand)).toHaveLength(1);
});
