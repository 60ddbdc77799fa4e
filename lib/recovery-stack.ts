import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RecoveryEndpoint } from './api/recovery-endpoint.ts';
import { WebAcl } from './api/web-acl.ts';
import { DeliverOutboxFunction } from './compute/deliver-outbox-function.ts';
import { RecoverUserFunction } from './compute/recover-user-function.ts';
import { concurrencyNote } from './config/lambda-concurrency.ts';
import type { Settings } from './config/settings.ts';
import { Alarms } from './monitoring/alarms.ts';
import { AuditLog } from './monitoring/audit-log.ts';
import { RecoveryDashboard } from './monitoring/dashboard.ts';
import { RecoveryPage } from './site/recovery-page.ts';
import { ApiTokenSecret } from './storage/api-token-secret.ts';
import { Outbox } from './storage/outbox.ts';
import { PseudonymKeySecret } from './storage/pseudonym-key-secret.ts';
import { RateLimitTable } from './storage/rate-limit-table.ts';

/** Everything that user recovery needs in one AWS account and region. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: 'User recovery for Beyond Identity: an endpoint that has the recovery link mailed',
    });

    if (settings.accountConcurrency === undefined) {
      Annotations.of(this).addInfoV2('user-recovery:lambda-concurrency', concurrencyNote(settings));
    }

    const apiTokenSecret = new ApiTokenSecret(this, 'ApiTokenSecret', {
      existingName: settings.apiTokenSecretName,
    });
    const rateLimitTable = new RateLimitTable(this, 'RateLimit');
    const auditLog = new AuditLog(this, 'AuditLog', { retentionDays: settings.auditRetentionDays });
    const outbox = new Outbox(this, 'Outbox', settings);
    const endpoint = new RecoveryEndpoint(this, 'RecoveryEndpoint', settings);
    const page =
      settings.recoveryPage &&
      new RecoveryPage(this, 'RecoveryPage', { ...settings, ...settings.recoveryPage, endpoint });
    const allowedOrigins = [...settings.allowedOrigins, ...(page ? [page.origin] : [])];
    const lambda = new RecoverUserFunction(this, 'RecoverUserFunction', {
      ...settings,
      allowedOrigins,
      secret:
        settings.delivery === 'queued' ? new PseudonymKeySecret(this, 'PseudonymKeySecret') : apiTokenSecret,
      rateLimitTable,
      auditLog,
      outbox,
    });
    const delivery = new DeliverOutboxFunction(this, 'DeliverOutboxFunction', {
      ...settings,
      apiTokenSecret,
      rateLimitTable,
      outbox,
    });
    endpoint.serve(lambda, allowedOrigins);
    const webAcl = new WebAcl(this, 'WebAcl', {
      ...settings,
      allowedOrigins,
      stage: endpoint.api.deploymentStage,
    });

    const { captcha } = settings;
    const watched = { lambda, delivery, outbox, api: endpoint.api, auditLog, webAcl, captcha };
    new Alarms(this, 'Alarms', { ...watched, email: settings.alarmEmail });
    const dashboard = new RecoveryDashboard(this, 'RecoveryDashboard', watched);

    new CfnOutput(this, 'EndpointUrl', { description: 'POST recovery requests here', value: endpoint.url });
    if (page) {
      new CfnOutput(this, 'RecoveryPageUrl', {
        description: 'Where users ask for the link',
        value: page.url,
      });
    }
    new CfnOutput(this, 'ApiTokenSecretName', {
      description: 'The secret that holds the API token: npm run store-token',
      value: apiTokenSecret.secretName,
    });
    new CfnOutput(this, 'AuditLogGroupName', {
      description: 'Who asked for what, by pseudonym',
      value: auditLog.logGroupName,
    });
    new CfnOutput(this, 'OutboxQueueUrl', {
      description: 'Requests that wait for Beyond Identity',
      value: outbox.queueUrl,
    });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      description: 'Requests that could not be delivered at all: see the README',
      value: outbox.deadLetterQueueUrl,
    });
    new CfnOutput(this, 'DashboardUrl', { description: 'Is recovery working?', value: dashboard.url });
  }
}
