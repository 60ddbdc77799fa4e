import { type AwsResponse, element, queryError, queryResult } from './aws-response.ts';
import { ALARM_TOPIC_ARN, type DeploymentFaults } from './deployment.ts';

/** SNS's ListSubscriptionsByTopic, for the topic of the alarms. */
export function listSubscriptionsByTopic(
  parameters: URLSearchParams,
  { subscription }: DeploymentFaults,
): AwsResponse {
  if (parameters.get('TopicArn') !== ALARM_TOPIC_ARN) {
    return queryError('NotFound', 'Topic does not exist', 404);
  }
  const arn = subscription === 'pending' ? 'PendingConfirmation' : `${ALARM_TOPIC_ARN}:subscription`;
  const member = [
    element('SubscriptionArn', arn),
    element('Protocol', 'email'),
    element('Endpoint', 'operator@example.com'),
    element('TopicArn', ALARM_TOPIC_ARN),
  ];
  const members = subscription === 'none' ? '' : `<member>${member.join('')}</member>`;
  return queryResult('ListSubscriptionsByTopic', `<Subscriptions>${members}</Subscriptions>`);
}
