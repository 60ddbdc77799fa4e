import { selfTest as testDelivery } from '../../../functions/deliver-outbox/self-test.ts';
import { ROUTE } from '../../../functions/recover-user/http/contract.ts';
import { selfTest as testEndpoint } from '../../../functions/recover-user/self-test.ts';
import type { Environment } from '../../../functions/runtime/environment.ts';
import manifest from '../../../package.json' with { type: 'json' };
import type { ListenOptions, RunningServer } from '../../http-server.ts';
import { ALARM_TOPIC_ARN, AUDIT_LOG_GROUP_NAME, EVENT_BUS_NAME } from './deployment.ts';
import type { LoggedEvent } from './event-log.ts';
import { startOperatorApi } from './operator-api.ts';

/** The stack of the stage `production`, which the commands look up where none is named. */
const STACK_NAME = 'RecoveryStack';

/** The parts of the simulation that its stack describes. */
export interface SimulatedParts {
  readonly appUrl: string;
  readonly allowedOrigins: readonly string[];
  /** Outputs with the names of the secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly queues: { readonly queueUrl: string; readonly deadLetterQueueUrl: string };
  /** The environment of both functions. */
  readonly environment: Environment;
}

/** Starts an emulator of the AWS services that describe a deployment, for the simulation as a deployed stack. */
export function startDeployment(
  { appUrl, allowedOrigins, secrets, queues, environment }: SimulatedParts,
  options: ListenOptions,
): Promise<RunningServer> {
  const outputs = {
    ...secrets,
    EndpointUrl: appUrl + ROUTE,
    EventBusName: EVENT_BUS_NAME,
    AuditLogGroupName: AUDIT_LOG_GROUP_NAME,
    OutboxQueueUrl: queues.queueUrl,
    DeadLetterQueueUrl: queues.deadLetterQueueUrl,
    RecoverUserFunctionName: 'RecoverUserFunction:live',
    DeliverOutboxFunctionName: 'DeliverOutboxFunction:live',
    AlarmTopicArn: ALARM_TOPIC_ARN,
    AlarmNamePrefix: `${STACK_NAME}-`,
    AllowedOrigins: allowedOrigins.join(','),
    Version: manifest.version,
  };
  const selfTests = {
    RecoverUserFunction: () => testEndpoint(environment),
    DeliverOutboxFunction: () => testDelivery(environment),
  };
  // as the functions print it where there is no event bus
  const onEvent = (event: LoggedEvent) => process.stdout.write(`${JSON.stringify({ event })}\n`);
  return startOperatorApi({ stackName: STACK_NAME, outputs, selfTests, onEvent }, options);
}
