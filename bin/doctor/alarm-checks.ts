import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Check, callAws, type Deployment, deployCommand, ok, problem, skipped } from './check.ts';

/** The most that CloudWatch lists at once; a stack has about thirty. */
const MOST_ALARMS = 100;

const SUBSCRIPTION = 'alarm subscription';

/** Checks that alarms reach somebody, and that none is raised. */
export async function checkAlarms(deployment: Deployment): Promise<Check[]> {
  const checks = await Promise.all([checkSubscription(deployment), checkFiring(deployment)]);
  return checks.flat();
}

async function checkSubscription(deployment: Deployment): Promise<Check[]> {
  const topic = deployment.outputs.get('AlarmTopicArn');
  if (topic === undefined) {
    return [skipped(SUBSCRIPTION, 'alarmEmail is not set; alarms are visible only in CloudWatch')];
  }
  return callAws(SUBSCRIPTION, async (options) => {
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: topic });
    const { Subscriptions = [] } = await new SNSClient().send(command, options);
    const states = Subscriptions.map(({ SubscriptionArn = '' }) => SubscriptionArn);
    if (states.includes('PendingConfirmation')) {
      return [
        problem(
          SUBSCRIPTION,
          'is not confirmed, and no alarm is emailed',
          'Confirm it: open the link in the email "AWS Notification - Subscription Confirmation" to alarmEmail',
        ),
      ];
    }
    if (!states.some((state) => state.startsWith('arn:'))) {
      const fix = `Set alarmEmail in config/${deployment.stage}.json to null, deploy, set it again, and deploy: ${deployCommand(deployment)}`;
      return [problem(SUBSCRIPTION, 'nobody is subscribed, and no alarm is emailed', fix)];
    }
    return [ok(SUBSCRIPTION, 'is confirmed')];
  });
}

async function checkFiring(deployment: Deployment): Promise<Check[]> {
  const prefix = deployment.outputs.get('AlarmNamePrefix');
  if (prefix === undefined) return [skipped('alarms', 'the stack has no output AlarmNamePrefix')];
  return callAws('alarms', async (options) => {
    const command = new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, MaxRecords: MOST_ALARMS });
    const { MetricAlarms: alarms = [] } = await new CloudWatchClient().send(command, options);
    if (alarms.length === 0) {
      const fix = `Deploy the stack again: ${deployCommand(deployment)}`;
      return [problem('alarms', `there is none whose name begins with ${prefix}`, fix)];
    }
    const raised = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (raised.length === 0) return [ok('alarms', `none of ${alarms.length} is raised`)];
    return raised.map(checkOfRaised);
  });
}

function checkOfRaised({ AlarmName, AlarmDescription = '', StateUpdatedTimestamp }: MetricAlarm): Check {
  const [runbook = 'docs/operations.md'] = AlarmDescription.match(/docs\/operations\.md#[\w-]+/) ?? [];
  const since = StateUpdatedTimestamp ? ` since ${StateUpdatedTimestamp.toISOString()}` : '';
  return problem(`alarm ${AlarmName}`, `is raised${since}`, `See ${runbook}`);
}
