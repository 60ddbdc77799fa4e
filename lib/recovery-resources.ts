import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { protectApi } from './api/api-protection.ts';
import type { CustomDomain } from './api/custom-domain.ts';
import { RecoveryApi } from './api/recovery-api.ts';
import { RecoveryEndpoint } from './api/recovery-endpoint.ts';
import { DeliverOutboxFunction } from './compute/deliver-outbox-function.ts';
import type { FunctionNetwork } from './compute/function-network.ts';
import { RecoverUserFunction } from './compute/recover-user-function.ts';
import type { Config } from './config/config.ts';
import { webAclOf } from './config/web-acl-schema.ts';
import { Alarms } from './monitoring/alarms/alarms.ts';
import { AuditLog } from './monitoring/audit-log.ts';
import { RecoveryDashboard } from './monitoring/dashboard.ts';
import { RecoveryEventBus } from './monitoring/event-bus.ts';
import { recoveryMetrics } from './monitoring/recovery-metrics.ts';
import { SelfTestSchedule } from './monitoring/self-test-schedule.ts';
import { Release } from './release/release.ts';
import { RecoveryPage } from './site/recovery-page.ts';
import { ApiTokenSecret } from './storage/api-token-secret.ts';
import { CaptchaSecret } from './storage/captcha-secret.ts';
import { encryptWith } from './storage/encryption.ts';
import { Outbox } from './storage/outbox.ts';
import { PseudonymKeySecret } from './storage/pseudonym-key-secret.ts';
import { RateLimitTable } from './storage/rate-limit-table.ts';

/** What a deployment is made with, besides its configuration. */
export interface Surroundings {
  /** Begins the names of what needs one; unique in an account and region. */
  name: string;
  /** What the logical ids of functions begin with. */
  logicalIdPrefix: string;
  /** Resources of others; absent: a deployment makes its own, or does without. */
  existing: {
    apiTokenSecret?: ISecret | undefined;
    eventBus?: IEventBus | undefined;
    alarmTopic?: ITopic | undefined;
    encryptionKey?: IKey | undefined;
    domain?: CustomDomain | undefined;
    network?: FunctionNetwork | undefined;
    /** The key of the directory's table. */
    directoryKey?: IKey | undefined;
  };
}

/** Every resource of a deployment, from what it stores to who is notified. */
export type RecoveryResources = ReturnType<typeof createResources>;

/** Creates everything that user recovery needs, in the order in which one thing needs the other. */
export function createResources(
  scope: Construct,
  config: Config,
  { name, logicalIdPrefix, existing }: Surroundings,
) {
  const apiTokenSecret = new ApiTokenSecret(scope, 'ApiTokenSecret', { existing: existing.apiTokenSecret });
  // who brings a secret may have everything in it, as JSON, which the endpoint of queued delivery cannot read
  const hasOwnSecrets = existing.apiTokenSecret === undefined || config.delivery === 'queued';
  const pseudonymKeySecret = hasOwnSecrets ? new PseudonymKeySecret(scope, 'PseudonymKeySecret') : undefined;
  const captchaSecret =
    hasOwnSecrets && config.captcha ? new CaptchaSecret(scope, 'CaptchaSecret') : undefined;
  const rateLimitTable = new RateLimitTable(scope, 'RateLimit');
  // ids of constructs are the same in two stacks of one class; a stack that is one deployment has its own, and keeps them
  const isOnlyDeployment = logicalIdPrefix === '';
  const eventBus = new RecoveryEventBus(scope, 'Events', {
    stage: config.stage,
    busName: isOnlyDeployment ? undefined : name,
    existing: existing.eventBus,
  });
  const auditLog = new AuditLog(scope, 'AuditLog', {
    name,
    ruleName: isOnlyDeployment ? undefined : `${name}-audit-log`,
    eventBus,
    retentionDays: config.auditRetentionDays,
  });
  const outbox = new Outbox(scope, 'Outbox', { ...config, name });
  // its id is a part of the logical id of the API, whose replacement would have another URL
  const api = new RecoveryApi(scope, 'RecoveryEndpoint', { ...config, name, domain: existing.domain });
  const { restApi } = api;
  const page = config.recoveryPage
    ? new RecoveryPage(scope, 'RecoveryPage', {
        ...config,
        ...(config.recoveryPage !== true && config.recoveryPage),
        name,
        api,
      })
    : undefined;
  const allowedOrigins = [...config.allowedOrigins, ...(page ? [page.origin] : [])];
  const functionProps = {
    ...config,
    logicalIdPrefix,
    network: existing.network,
    tenant: config,
    rateLimitTable,
    eventBus,
    outbox,
  };
  const endpoint = new RecoverUserFunction(scope, 'RecoverUserFunction', {
    ...functionProps,
    allowedOrigins,
    apiTokenSecret: config.delivery === 'queued' ? undefined : apiTokenSecret,
    pseudonymKeySecret,
    captchaSecret,
  });
  const delivery = new DeliverOutboxFunction(scope, 'DeliverOutboxFunction', {
    ...functionProps,
    apiTokenSecret,
  });
  new SelfTestSchedule(scope, 'SelfTest', [endpoint.liveFunction, delivery.liveFunction]);
  new RecoveryEndpoint(scope, 'RecoverUser', {
    restApi,
    stage: config.stage,
    live: endpoint.live,
    allowedOrigins,
  });
  const webAcl = protectApi(scope, webAclOf(config.webAcl), {
    ...config,
    name,
    allowedOrigins,
    stage: restApi.deploymentStage,
  });

  const { captcha } = config;
  const metrics = recoveryMetrics(config.stage);
  const functions = {
    lambda: endpoint.lambda,
    delivery: delivery.lambda,
    live: { endpoint: endpoint.live, delivery: delivery.live },
  };
  const monitored = { metrics, ...functions, outbox, api: restApi, auditLog, webAcl, captcha };
  const alarms = new Alarms(scope, 'Alarms', {
    ...monitored,
    email: config.alarmEmail,
    topic: existing.alarmTopic,
    encryptionKey: existing.encryptionKey,
  });
  const dashboard = new RecoveryDashboard(scope, 'RecoveryDashboard', { ...monitored, name });
  new Release(scope, 'Release', {
    ...config,
    logicalIdPrefix,
    endpoint: { released: endpoint, alarm: alarms.ofReleases.endpoint },
    delivery: { released: delivery, alarm: alarms.ofReleases.delivery },
    endpointUrl: api.url,
  });
  existing.directoryKey?.grantDecrypt(delivery);
  if (config.delivery === 'direct') existing.directoryKey?.grantDecrypt(endpoint);
  if (existing.encryptionKey) encryptWith(existing.encryptionKey, scope, [endpoint, delivery]);

  const secrets = { apiTokenSecret, pseudonymKeySecret, captchaSecret };
  return {
    ...secrets,
    metrics,
    rateLimitTable,
    eventBus,
    auditLog,
    outbox,
    api,
    page,
    endpoint,
    delivery,
    alarms,
    dashboard,
    allowedOrigins,
    encryptionKey: existing.encryptionKey,
  };
}
