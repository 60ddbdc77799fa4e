import { Aws, Duration, Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { OUTCOME_METRICS } from '../functions/recover-user/metric-names.ts';
import { outcomeMetric } from './recovery-metrics.ts';

const PERIOD = Duration.minutes(5);

export interface AlarmsProps {
  lambda: IFunction;
  api: RestApi;
  /** Who is told; absent: nobody, the alarms show in CloudWatch only. */
  email?: string | undefined;
}

interface Watch {
  metric: IMetric;
  /** The count within five minutes from which the alarm is raised. */
  threshold: number;
  /** What it means and what to do, for the person whom it wakes. */
  description: string;
}

/** An alarm for everything that keeps a user from being recovered, mailed to whoever is on call. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { lambda, api, email }: AlarmsProps) {
    super(scope, id);
    const topic = email === undefined ? undefined : this.#createTopic(email);
    for (const [name, { metric, threshold, description }] of Object.entries(watches(lambda, api))) {
      const alarm = new Alarm(this, name, {
        metric,
        threshold,
        alarmDescription: description,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        // nobody needed recovery: that is the usual state
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic) {
        alarm.addAlarmAction(new SnsAction(topic));
        alarm.addOkAction(new SnsAction(topic));
      }
    }
  }

  #createTopic(email: string): Topic {
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const fromThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    // the key that AWS keeps for SNS would be free of charge, but CloudWatch may not use it
    const key = new Key(this, 'TopicKey', {
      description: 'Encrypts alarms of user recovery',
      enableKeyRotation: true,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: fromThisAccount,
      }),
    );
    const topic = new Topic(this, 'Topic', {
      displayName: 'User recovery',
      masterKey: key,
      enforceSSL: true,
    });
    // a policy of one's own (TLS) replaces the one that lets the account's alarms publish
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        effect: Effect.ALLOW,
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: fromThisAccount,
      }),
    );
    topic.addSubscription(new EmailSubscription(email));
    Validations.of(topic).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason:
        'The subscriber is a mailbox: nobody would read a queue of undelivered mails, and the alarms stay visible in CloudWatch.',
    });
    return topic;
  }
}

function watches(lambda: IFunction, api: RestApi): Record<string, Watch> {
  return {
    TokenRefused: {
      metric: outcomeMetric(OUTCOME_METRICS['token-refused'], PERIOD),
      threshold: 1,
      description:
        'Beyond Identity refuses the API token, so nobody can be recovered. Issue a new token in the Beyond Identity console and store it with: npm run store-token. It is taken up without a deployment.',
    },
    TokenUnavailable: {
      metric: outcomeMetric(OUTCOME_METRICS['token-unavailable'], PERIOD),
      threshold: 1,
      description:
        'The API token cannot be read from Secrets Manager, so nobody can be recovered. The log of the function says why: the secret is empty (npm run store-token), is gone, or may not be read by the function.',
    },
    UpstreamFailed: {
      metric: outcomeMetric(OUTCOME_METRICS['upstream-failed'], PERIOD),
      threshold: 1,
      description:
        'Beyond Identity could not be reached or answered with a fault; the users concerned were asked to try again (503). Look at the status page of Beyond Identity and at the upstream latency on the dashboard. If it goes on, tell the support desk.',
    },
    Failed: {
      metric: outcomeMetric(OUTCOME_METRICS.failed, PERIOD),
      threshold: 1,
      description:
        'The function answered with a 500: a fault of ours. Find the request in the log of the function by its request id; if it began with a deployment, roll that back.',
    },
    FunctionErrors: {
      metric: lambda.metricErrors({ period: PERIOD }),
      threshold: 1,
      description:
        'The function ended without an answer: it did not start (a missing setting is named in its log), ran out of time or of memory. If it began with a deployment, roll that back.',
    },
    FunctionThrottles: {
      metric: lambda.metricThrottles({ period: PERIOD }),
      threshold: 1,
      description:
        'Lambda turned requests away for lack of concurrency. Compare the number of requests on the dashboard with other days: raise reservedConcurrency, or the quota of the account, unless it is an attack.',
    },
    GatewayServerErrors: {
      metric: api.deploymentStage.metricServerError({ period: PERIOD, statistic: 'Sum' }),
      // a single failure of the function has an alarm above; this one sees what never reaches the function
      threshold: 5,
      description:
        'API Gateway answered five requests or more with a 5xx. If no other alarm explains it, look for integrationStatus and errorType in the access log: API Gateway cannot reach the function.',
    },
  };
}
