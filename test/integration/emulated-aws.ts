import { afterEach, beforeEach } from '@jest/globals';
import { type FunctionEvent, functionEvent } from '../../functions/adapters/aws/recovery-event.ts';
import { startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { type SecretsManager, startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import { type Sqs, type SqsOptions, startSqs } from '../../local/emulators/sqs.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { type EventBusEmulator, startEventBus } from '../emulators/event-bus.ts';

/** An AWS service, as the SDK's variable for its endpoint names it. */
type Service = 'CODEDEPLOY' | 'DYNAMODB' | 'EVENTBRIDGE' | 'LAMBDA' | 'SECRETS_MANAGER' | 'SQS';

/** The DynamoDB emulator of the current test, after `useDynamoDb`. */
export let dynamoDb: RunningServer;
/** The EventBridge emulator of the current test, after `useEventBus`. */
export let eventBus: EventBusEmulator;
/** The Secrets Manager emulator of the current test, after `useSecretsManager`. */
export let secretsManager: SecretsManager;
/** The SQS emulator of the current test, after `useSqs`. */
export let sqs: Sqs;

/** The variables with which the AWS SDK calls emulators at these URLs. */
export function awsEnvironment(endpoints: Partial<Record<Service, string>>): Record<string, string> {
  const urls = Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]);
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...Object.fromEntries(urls),
  };
}

/** Makes the AWS SDK call emulators at these URLs, until the end of the test file: each has its own environment. */
export function setAwsEndpoints(endpoints: Partial<Record<Service, string>>): void {
  Object.assign(process.env, awsEnvironment(endpoints));
}

/** Runs a DynamoDB emulator for each test of the file or `describe` block, and makes the SDK call it. */
export function useDynamoDb(): void {
  beforeEach(async () => {
    dynamoDb = await startDynamoDb();
    setAwsEndpoints({ DYNAMODB: dynamoDb.url });
  });
  afterEach(() => dynamoDb.close());
}

/** Runs an EventBridge emulator for each test of the file or `describe` block, and makes the SDK call it. */
export function useEventBus(): void {
  beforeEach(async () => {
    eventBus = await startEventBus();
    setAwsEndpoints({ EVENTBRIDGE: eventBus.url });
  });
  afterEach(() => eventBus.close());
}

/** The events that were published so far; throws for one that the documented schema does not allow. */
export function publishedEvents(): FunctionEvent[] {
  return eventBus.published.map(({ event }) => functionEvent.parse(event));
}

/** Runs a Secrets Manager emulator for each test of the file or `describe` block, and makes the SDK call it. */
export function useSecretsManager(): void {
  beforeEach(async () => {
    secretsManager = await startSecretsManager();
    setAwsEndpoints({ SECRETS_MANAGER: secretsManager.url });
  });
  afterEach(() => secretsManager.close());
}

/** Runs an SQS emulator for each test of the file or `describe` block, and makes the SDK call it. */
export function useSqs(options: SqsOptions = {}): void {
  beforeEach(async () => {
    sqs = await startSqs(options);
    setAwsEndpoints({ SQS: sqs.url });
  });
  afterEach(() => sqs.close());
}
