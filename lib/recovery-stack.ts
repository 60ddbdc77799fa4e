import { Annotations, CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SERVICE } from '../functions/runtime/metric-names.ts';
import { RecoveryEndpoint } from './api/recovery-endpoint.ts';
import { WebAcl } from './api/web-acl.ts';
import { DeliverOutboxFunction } from './compute/deliver-outbox-function.ts';
import { RecoverUserFunction } from './compute/recover-user-function.ts';
import type { Config } from './config/config.ts';
import { concurrencyNote } from './config/lambda-concurrency.ts';
import { Alarms } from './monitoring/alarms/alarms.ts';
import { AuditLog } from './monitoring/audit-log.ts';
import { RecoveryDashboard } from './monitoring/dashboard.ts';
import { recoveryMetrics } from './monitoring/recovery-metrics.ts';
import { RecoveryPage } from './site/recovery-page.ts';
import { ApiTokenSecret } from './storage/api-token-secret.ts';
import { CaptchaSecret } from './storage/captcha-secret.ts';
import { Outbox } from './storage/outbox.ts';
import { PseudonymKeySecret } from './storage/pseudonym-key-secret.ts';
import { RateLimitTable } from './storage/rate-limit-table.ts';

export interface RecoveryStackProps extends StackProps {
  /** The configuration of the stage. */
  config: Config;
}

/** Everything that user recovery needs in one AWS account and region; another stage is another stack beside it. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    super(scope, id, {
      description: 'User recovery for Beyond Identity: an endpoint that sends recovery links',
      ...props,
    });
    Tags.of(this).add('service', SERVICE);
    Tags.of(this).add('stage', config.stage);

    if (config.accountConcurrency === undefined) {
      Annotations.of(this).addInfoV2('user-recovery:lambda-concurrency', concurrencyNote(config));
    }

    const apiTokenSecret = new ApiTokenSecret(this, 'ApiTokenSecret', {
      existingName: config.apiTokenSecretName,
    });
    // who brings a secret may have everything in it, as JSON, which the endpoint of queued delivery cannot read
    const hasOwnSecrets = config.apiTokenSecretName === undefined || config.delivery === 'queued';
    const pseudonymKeySecret = hasOwnSecrets ? new PseudonymKeySecret(this, 'PseudonymKeySecret') : undefined;
    const captchaSecret =
      hasOwnSecrets && config.captcha ? new CaptchaSecret(this, 'CaptchaSecret') : undefined;
    const rateLimitTable = new RateLimitTable(this, 'RateLimit');
    const auditLog = new AuditLog(this, 'AuditLog', { retentionDays: config.auditRetentionDays });
    const outbox = new Outbox(this, 'Outbox', config);
    const endpoint = new RecoveryEndpoint(this, 'RecoveryEndpoint', config);
    const page =
      config.recoveryPage &&
      new RecoveryPage(this, 'RecoveryPage', { ...config, ...config.recoveryPage, endpoint });
    const allowedOrigins = [...config.allowedOrigins, ...(page ? [page.origin] : [])];
    const lambda = new RecoverUserFunction(this, 'RecoverUserFunction', {
      ...config,
      allowedOrigins,
      apiTokenSecret: config.delivery === 'queued' ? undefined : apiTokenSecret,
      pseudonymKeySecret,
      captchaSecret,
      rateLimitTable,
      auditLog,
      outbox,
    });
    const delivery = new DeliverOutboxFunction(this, 'DeliverOutboxFunction', {
      ...config,
      apiTokenSecret,
      rateLimitTable,
      outbox,
    });
    endpoint.serve(lambda, allowedOrigins);
    const webAcl = new WebAcl(this, 'WebAcl', {
      ...config,
      allowedOrigins,
      stage: endpoint.api.deploymentStage,
    });

    const { captcha } = config;
    const metrics = recoveryMetrics(config.stage);
    const monitored = { metrics, lambda, delivery, outbox, api: endpoint.api, auditLog, webAcl, captcha };
    new Alarms(this, 'Alarms', { ...monitored, email: config.alarmEmail });
    const dashboard = new RecoveryDashboard(this, 'RecoveryDashboard', monitored);

    new CfnOutput(this, 'EndpointUrl', { description: 'POST recovery requests here', value: endpoint.url });
    if (page) {
      new CfnOutput(this, 'RecoveryPageUrl', {
        description: 'Where users ask for the link',
        value: page.url,
      });
    }
    new CfnOutput(this, 'ApiTokenSecretArn', {
      description: 'The secret that holds the API token: npm run store-token',
      value: apiTokenSecret.secretArn,
    });
    if (pseudonymKeySecret) {
      new CfnOutput(this, 'PseudonymKeySecretArn', {
        description: 'The secret that holds the pseudonymization key',
        value: pseudonymKeySecret.secretArn,
      });
    }
    if (captchaSecret) {
      new CfnOutput(this, 'CaptchaSecretArn', {
        description:
          "The secret that holds the CAPTCHA provider's secret key: npm run store-token -- --captcha",
        value: captchaSecret.secretArn,
      });
    }
    new CfnOutput(this, 'AuditLogGroupName', {
      description: 'Who asked for what, by pseudonym',
      value: auditLog.logGroupName,
    });
    new CfnOutput(this, 'OutboxQueueUrl', {
      description: 'Requests that wait for Beyond Identity',
      value: outbox.queueUrl,
    });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      description: 'Requests that could not be delivered at all: npm run redrive',
      value: outbox.deadLetterQueueUrl,
    });
    new CfnOutput(this, 'DashboardUrl', { description: 'Is recovery working?', value: dashboard.url });
  }
}
