import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SERVICE } from '../functions/runtime/metric-names.ts';
import manifest from '../package.json' with { type: 'json' };
import type { Config } from './config/config.ts';
import { CREATE_KEY } from './config/encryption-key-schema.ts';
import { ONLY_DEPLOYMENT } from './deployment-name.ts';
import { UserRecovery } from './user-recovery.ts';
import type { UserRecoveryProps } from './user-recovery-props.ts';

/** The properties of any stack, and the configuration of the stage that it deploys. */
export interface RecoveryStackProps extends StackProps {
  config: Config;
}

/** User recovery in a stack of its own, configured by a file; another stage is another stack beside it. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    const tags = { service: SERVICE, stage: config.stage, version: manifest.version };
    super(scope, id, {
      description: 'User recovery for Beyond Identity: an endpoint that sends recovery links',
      ...props,
      tags: { ...tags, ...props.tags },
    });
    // what the CDK makes for the whole stack is outside of the construct, which tags its own
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
    const recovery = new UserRecovery(this, ONLY_DEPLOYMENT, recoveryProps(this, config));
    this.#addOutputs({
      EndpointUrl: ['POST recovery requests here', recovery.endpointUrl],
      RecoveryPageUrl: ['Where users ask for the link', recovery.recoveryPageUrl],
      CustomDomainTarget: [
        'What the DNS record (CNAME or alias) of the domain must point to',
        recovery.customDomainTarget,
      ],
      ApiTokenSecretArn: [
        'The secret that holds the API token: npm run store-token',
        recovery.apiTokenSecret.secretArn,
      ],
      PseudonymKeySecretArn: [
        'The secret that holds the pseudonymization key',
        recovery.pseudonymKeySecret?.secretArn,
      ],
      CaptchaSecretArn: [
        "The secret that holds the CAPTCHA provider's secret key: npm run store-token -- --captcha",
        recovery.captchaSecret?.secretArn,
      ],
      EventBusName: [
        'Requests, deliveries and what operators do are events here: docs/events.md',
        recovery.eventBus.eventBusName,
      ],
      AuditLogGroupName: ['Who asked for what, by pseudonym', recovery.auditLogGroup.logGroupName],
      OutboxQueueUrl: ['Requests that wait for Beyond Identity', recovery.outbox.queueUrl],
      DeadLetterQueueUrl: [
        'Requests that could not be delivered at all: npm run redrive',
        recovery.deadLetterQueue.queueUrl,
      ],
      DashboardUrl: ['Is recovery working?', recovery.dashboardUrl],
      RecoverUserFunctionName: ['Tested by npm run doctor', recovery.function.functionName],
      DeliverOutboxFunctionName: ['Tested by npm run doctor', recovery.deliveryFunction.functionName],
      AlarmTopicArn: ['Notifies alarmEmail', recovery.alarmTopic?.topicArn],
      AlarmNamePrefix: ['What the names of all alarms begin with', `${this.stackName}-Alarms`],
      AllowedOrigins: [
        'Origins whose pages may call the endpoint',
        recovery.allowedOrigins.join(',') || undefined,
      ],
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

/** The properties of the construct: the settings, and for each that names a resource the resource. */
function recoveryProps(stack: Stack, config: Config) {
  const { apiTokenSecretName, domainName, certificateArn, encryptionKey, directory, ...settings } = config;
  const imported = new Construct(stack, 'Imported');
  return {
    ...settings,
    directory: directoryOf(directory),
    apiTokenSecret:
      apiTokenSecretName === undefined
        ? undefined
        : Secret.fromSecretNameV2(imported, 'ApiTokenSecret', apiTokenSecretName),
    domain:
      domainName === undefined || certificateArn === undefined
        ? undefined
        : {
            domainName,
            certificate: Certificate.fromCertificateArn(imported, 'Certificate', certificateArn),
          },
    encryptionKey: encryptionKey === undefined ? undefined : keyOf(stack, encryptionKey),
  };
}

function directoryOf(directory: Config['directory']): UserRecoveryProps['directory'] {
  switch (directory.type) {
    case 'dynamodb': {
      const { tableName, ...others } = directory;
      return { ...others, table: tableName };
    }
    case 'lambda': {
      const { functionArn, ...others } = directory;
      return { ...others, function: functionArn };
    }
    default:
      return directory;
  }
}

function keyOf(stack: Stack, setting: string) {
  return setting === CREATE_KEY
    ? new Key(stack, 'EncryptionKey', {
        description: 'Encrypts what user recovery stores',
        enableKeyRotation: true,
      })
    : Key.fromKeyArn(stack, 'EncryptionKeyReference', setting);
}
