import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, answerJson, type RunningServer, startHttpServer } from '../../local/http-server.ts';
import { metricValues, type RecoveryService, startRecoveryService } from './recovery-service.ts';

/** What AWS may do to a call, over the wire. */
const FAULTS: [string, Answer][] = [
  ['answers nonsense', (_request, response) => void response.end('<html>not what you think</html>')],
  ['throttles', (_request, response) => answerJson(response, 400, { __type: 'ThrottlingException' })],
  ['denies', (_request, response) => answerJson(response, 400, { __type: 'AccessDeniedException' })],
  ['fails', (_request, response) => answerJson(response, 500, { __type: 'InternalServerError' })],
  ['cuts the connection', (request) => void request.socket.resetAndDestroy()],
  ['hangs', () => new Promise(() => undefined)],
];

let faulty: RunningServer;
let service: RecoveryService;
beforeEach(() => {
  process.env['AWS_MAX_ATTEMPTS'] = '1';
});
afterEach(async () => {
  for (const name of ['AWS_MAX_ATTEMPTS', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS']) {
    delete process.env[name];
  }
  await service.close();
  await faulty.close();
});

describe.each(FAULTS)('AWS %s', (_what, answer) => {
  const timing = { ledgerPatienceMs: 50, auditMs: 50, awsAnswerMs: 50, warmUpMs: 50 };

  test('DynamoDB: the own ledger decides, and the request goes on', async () => {
    faulty = await startHttpServer(answer);
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = faulty.url;
    service = await startRecoveryService({
      environment: { ATTEMPTS_TABLE_NAME: 'attempts', MAILBOX_COOLDOWN_SECONDS: '60' },
      timing,
    });
    for (let request = 0; request < 2; request++) {
      expect((await service.recover('jane@example.com')).status).toBe(202);
    }
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'LedgerFallback')).toEqual([1, 1]);
  });

  test('CloudWatch Logs: the event stands in the log of the function, and the request goes on', async () => {
    faulty = await startHttpServer(answer);
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = faulty.url;
    service = await startRecoveryService({ environment: { AUDIT_LOG_GROUP_NAME: 'audit' }, timing });
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'AuditFailed')).toEqual([1]);
  });
});
