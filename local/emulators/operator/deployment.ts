import * as z from 'zod/mini';
import type { LoggedEvent } from './event-log.ts';

/** The alarms of the emulated stack: some of those of docs/operations.md, by their names there. */
export const ALARM_NAMES = [
  'TokenRefused',
  'TokenUnavailable',
  'UpstreamFailed',
  'Misconfigured',
  'FunctionErrors',
  'OutboxFailed',
  'DeadLetters',
] as const;

/** The Lambda functions of the emulated stack. */
export const FUNCTION_NAMES = ['RecoverUserFunction', 'DeliverOutboxFunction'] as const;

/** The name of a Lambda function of the emulated stack. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What is wrong with the emulated deployment. Absent parts are as they should be. */
export const deploymentFaults = z.strictObject({
  /** Outputs of the stack that have another value, or with `null` none. */
  outputs: z.optional(z.record(z.string(), z.nullable(z.string()))),
  /** The state of the alarms' email subscription. */
  subscription: z.optional(z.enum(['pending', 'none'])),
  raisedAlarms: z.optional(z.array(z.enum(ALARM_NAMES))),
  /** Functions that end at their start. */
  crashingFunctions: z.optional(z.array(z.enum(FUNCTION_NAMES))),
});

/** What is wrong with the emulated deployment. */
export type DeploymentFaults = z.infer<typeof deploymentFaults>;

/** The deployment that the emulator describes. */
export interface Deployment {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The functions' self-tests. */
  readonly selfTests: Readonly<Record<FunctionName, () => Promise<unknown>>>;
  /** Called with each event of the bus. */
  readonly onEvent?: (event: LoggedEvent) => void;
}

/** Names the event bus. */
export const EVENT_BUS_NAME = 'events';

/** Names the audit log group, which has every event of the bus. */
export const AUDIT_LOG_GROUP_NAME = 'audit';

/** Who calls the emulated services. */
export const CALLER_ARN = 'arn:aws:iam::123456789012:user/operator';

/** Identifies the topic of the alarms. */
export const ALARM_TOPIC_ARN = 'arn:aws:sns:us-east-1:123456789012:alarms';
