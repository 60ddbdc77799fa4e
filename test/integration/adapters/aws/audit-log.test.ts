import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { metricValues, type RecoveryService, startRecoveryService } from '../../recovery-service.ts';

const cloudWatch = mockClient(CloudWatchLogsClient);
let service: RecoveryService;
beforeEach(() => {
  cloudWatch.reset();
  cloudWatch.onAnyCommand().resolves({});
});
afterEach(() => service.close());

async function start(environment: Record<string, string> = { AUDIT_LOG_GROUP_NAME: 'audit' }) {
  service = await startRecoveryService({
    environment: { MAILBOX_COOLDOWN_SECONDS: '60', ...environment },
    timing: { auditMs: 100 },
  });
}

function auditEvents(): unknown[] {
  return cloudWatch
    .commandCalls(PutLogEventsCommand)
    .flatMap(({ args }) => args[0].input.logEvents ?? [])
    .map(({ message }) => JSON.parse(message ?? ''));
}

describe('audit events', () => {
  test('record who requested recovery for which mailbox, by pseudonym, and the outcome', async () => {
    await start();
    const responses = [];
    for (const email of ['jane@example.com', 'Jane@Example.com', 'nobody@example.com', 'no address']) {
      responses.push(await service.recover(email, { 'x-forwarded-for': '203.0.113.9' }));
    }
    const mailbox = expect.stringMatching(/^[\w-]{43}$/);
    const sourceIp = '127.0.0.1';
    expect(auditEvents()).toEqual([
      { requestId: responses[0]?.headers.get('x-request-id'), sourceIp, outcome: 'forwarded', mailbox },
      { requestId: responses[1]?.headers.get('x-request-id'), sourceIp, outcome: 'rate-limited', mailbox },
      { requestId: responses[2]?.headers.get('x-request-id'), sourceIp, outcome: 'not-recoverable', mailbox },
      { requestId: responses[3]?.headers.get('x-request-id'), sourceIp, outcome: 'refused' },
    ]);
    const mailboxes = auditEvents().map((event) => Object(event).mailbox);
    expect(mailboxes[0]).toBe(mailboxes[1]);
    expect(mailboxes[2]).not.toBe(mailboxes[0]);
  });

  test('go to the log group of the audit log, into one log stream per instance', async () => {
    await start();
    await service.recover('jane@example.com');
    await service.recover('john@example.com');
    const created = cloudWatch.commandCalls(CreateLogStreamCommand).map(({ args }) => args[0].input);
    expect(created).toEqual([{ logGroupName: 'audit', logStreamName: expect.stringMatching(/^[\w/-]+$/) }]);
    for (const { args } of cloudWatch.commandCalls(PutLogEventsCommand))
      expect(args[0].input).toMatchObject(created[0] ?? {});
  });

  test('keep the client IP of the gateway when X-Forwarded-For is forged', async () => {
    await start();
    await service.recover('jane@example.com', {
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
    });
    expect(JSON.stringify(auditEvents())).toContain('"sourceIp":"127.0.0.1"');
    expect(JSON.stringify(auditEvents())).not.toContain('203.0.113.9');
    expect(service.printed()).not.toContain('203.0.113.9');
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'ResourceNotFoundException'])(
    'go to the log of the function, with a metric, when %s',
    async (name) => {
      cloudWatch.on(PutLogEventsCommand).rejects(Object.assign(new Error('theirs'), { name }));
      await start();
      expect((await service.recover('jane@example.com')).status).toBe(202);
      expect(service.tenant.mails).toHaveLength(1);
      expect(service.printed()).toMatch(
        new RegExp(`"audit event not written".*"outcome":"forwarded".*"reason":"${name}"`),
      );
      expect(metricValues(service.printed(), 'AuditFailed')).toEqual([1]);
    },
  );

  test('go to the log of the function when a non-Error value is thrown', async () => {
    cloudWatch.on(PutLogEventsCommand).callsFake(() => Promise.reject('text'));
    await start();
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(service.printed()).toContain('"reason":"string"');
  });

  test('create the log stream again for the next event when creating it failed', async () => {
    cloudWatch.on(CreateLogStreamCommand).rejectsOnce(new Error('down')).resolves({});
    await start();
    await service.recover('jane@example.com');
    expect(auditEvents()).toHaveLength(1);
  });

  test('do not delay the response when writing to the log group hangs', async () => {
    cloudWatch.on(PutLogEventsCommand).callsFake(() => new Promise(() => undefined));
    await start();
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(metricValues(service.printed(), 'AuditFailed')).toEqual([1]);
  });

  test('are not written after the timeout when creating the log stream hangs', async () => {
    cloudWatch.on(CreateLogStreamCommand).callsFake(() => new Promise(() => undefined));
    cloudWatch.on(CreateLogStreamCommand).rejectsOnce(new Error('down while it starts'));
    await start();
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(metricValues(service.printed(), 'AuditFailed')).toEqual([1]);
    expect(auditEvents()).toEqual([]);
  });

  test('are written when the log stream exists already because a response was lost', async () => {
    const exists = Object.assign(new Error('there'), { name: 'ResourceAlreadyExistsException' });
    cloudWatch.on(CreateLogStreamCommand).rejects(exists);
    await start();
    await service.recover('jane@example.com');
    expect(auditEvents()).toHaveLength(1);
  });

  test('go to the log of the function without a log group', async () => {
    await start({});
    await service.recover('jane@example.com');
    expect(service.printed()).toMatch(
      /^\{"audit":\{.*"sourceIp":"127.0.0.1","outcome":"forwarded","mailbox":"[\w-]{43}"\}\}$/m,
    );
    expect(cloudWatch.calls()).toEqual([]);
  });
});
