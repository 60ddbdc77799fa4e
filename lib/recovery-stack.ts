import { Annotations, CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SERVICE } from '../functions/runtime/metric-names.ts';
import manifest from '../package.json' with { type: 'json' };
import { RecoveryApi } from './api/recovery-api.ts';
import { RecoveryEndpoint } from './api/recovery-endpoint.ts';
import { WebAcl } from './api/web-acl.ts';
import { DeliverOutboxFunction } from './compute/deliver-outbox-function.ts';
import { RecoverUserFunction } from './compute/recover-user-function.ts';
import type { Config } from './config/config.ts';
import { concurrencyNote } from './config/lambda-concurrency.ts';
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
import { Outbox } from './storage/outbox.ts';
import { PseudonymKeySecret } from './storage/pseudonym-key-secret.ts';
import { RateLimitTable } from './storage/rate-limit-table.ts';

/** The properties of any stack, and the configuration of the stage that it deploys. */
export interface RecoveryStackProps extends StackProps {
  config: Config;
}

/** Everything that user recovery needs in one AWS account and region; another stage is another stack beside it. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    const tags = { service: SERVICE, stage: config.stage, version: manifest.version };
    super(scope, id, {
      description: 'User recovery for Beyond Identity: an endpoint that sends recovery links',
      ...props,
      tags: { ...tags, ...props.tags },
    });
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);

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
    const eventBus = new RecoveryEventBus(this, 'Events');
    const auditLog = new AuditLog(this, 'AuditLog', {
      bus: eventBus.bus,
      retentionDays: config.auditRetentionDays,
    });
    const outbox = new Outbox(this, 'Outbox', config);
    // its id is a part of the logical id of the API, whose replacement would have another URL
    const api = new RecoveryApi(this, 'RecoveryEndpoint', config);
    const { restApi } = api;
    const page =
      config.recoveryPage &&
      new RecoveryPage(this, 'RecoveryPage', { ...config, ...config.recoveryPage, api });
    const allowedOrigins = [...config.allowedOrigins, ...(page ? [page.origin] : [])];
    const endpoint = new RecoverUserFunction(this, 'RecoverUserFunction', {
      ...config,
      allowedOrigins,
      tenant: config,
      apiTokenSecret: config.delivery === 'queued' ? undefined : apiTokenSecret,
      pseudonymKeySecret,
      captchaSecret,
      rateLimitTable,
      eventBus,
      outbox,
    });
    const delivery = new DeliverOutboxFunction(this, 'DeliverOutboxFunction', {
      ...config,
      tenant: config,
      apiTokenSecret,
      rateLimitTable,
      eventBus,
      outbox,
    });
    new SelfTestSchedule(this, 'SelfTest', [endpoint.liveFunction, delivery.liveFunction]);
    new RecoveryEndpoint(this, 'RecoverUser', {
      restApi,
      stage: config.stage,
      live: endpoint.live,
      allowedOrigins,
    });
    const webAcl = new WebAcl(this, 'WebAcl', { ...config, allowedOrigins, stage: restApi.deploymentStage });

    const { captcha } = config;
    const metrics = recoveryMetrics(config.stage);
    const functions = {
      lambda: endpoint.lambda,
      delivery: delivery.lambda,
      live: { endpoint: endpoint.live, delivery: delivery.live },
    };
    const monitored = { metrics, ...functions, outbox, api: restApi, auditLog, webAcl, captcha };
    const alarms = new Alarms(this, 'Alarms', { ...monitored, email: config.alarmEmail });
    const dashboard = new RecoveryDashboard(this, 'RecoveryDashboard', monitored);
    new Release(this, 'Release', {
      ...config,
      endpoint: { released: endpoint, alarm: alarms.ofReleases.endpoint },
      delivery: { released: delivery, alarm: alarms.ofReleases.delivery },
      endpointUrl: api.url,
    });

    this.#addOutputs({
      EndpointUrl: ['POST recovery requests here', api.url],
      RecoveryPageUrl: ['Where users ask for the link', page?.url],
      CustomDomainTarget: [
        'What the DNS record (CNAME or alias) of the domain must point to',
        api.customDomainTarget,
      ],
      ApiTokenSecretArn: [
        'The secret that holds the API token: npm run store-token',
        apiTokenSecret.secretArn,
      ],
      PseudonymKeySecretArn: [
        'The secret that holds the pseudonymization key',
        pseudonymKeySecret?.secretArn,
      ],
      CaptchaSecretArn: [
        "The secret that holds the CAPTCHA provider's secret key: npm run store-token -- --captcha",
        captchaSecret?.secretArn,
      ],
      EventBusName: ['Every request and delivery is an event here: docs/events.md', eventBus.eventBusName],
      AuditLogGroupName: ['Who asked for what, by pseudonym', auditLog.logGroupName],
      OutboxQueueUrl: ['Requests that wait for Beyond Identity', outbox.queueUrl],
      DeadLetterQueueUrl: [
        'Requests that could not be delivered at all: npm run redrive',
        outbox.deadLetterQueueUrl,
      ],
      DashboardUrl: ['Is recovery working?', dashboard.url],
      RecoverUserFunctionName: ['Tested by npm run doctor', endpoint.live.functionName],
      DeliverOutboxFunctionName: ['Tested by npm run doctor', delivery.live.functionName],
      AlarmTopicArn: ['Notifies alarmEmail', alarms.topicArn],
      AlarmNamePrefix: ['What the names of all alarms begin with', `${this.stackName}-Alarms`],
      AllowedOrigins: ['Origins whose pages may call the endpoint', allowedOrigins.join(',') || undefined],
      Version: ['The version of user recovery', manifest.version],
    });
  }

  /** Adds an output for each description and value; one without a value is left out. */
  #addOutputs(outputs: Readonly<Record<string, [description: string, value: string | undefined]>>): void {
    for (const [id, [description, value]] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, id, { description, value });
    }
  }
}
