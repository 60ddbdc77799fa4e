import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Deadline } from '../../core/deadline.ts';
import type { Directory } from '../../core/directory.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import { type CheckResult, ok, problem } from '../../core/self-test.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import { awsClientOptions } from './clients.ts';
import { createDynamoDbRateLimiter } from './dynamodb-rate-limiter.ts';
import { SELF_TEST_MESSAGE } from './outbox-message.ts';

/** A user who cannot exist: the top-level domain is reserved (RFC 2606). */
const NOBODY = 'self-test@nobody.invalid';

const REDEPLOY = 'Deploy the stack again; check that nobody changed the function’s role.';

/** Checks that attempts can be written: a conditional update whose condition is never met. */
export async function checkTable(
  tableName: string,
  timeouts: Timeouts,
  deadline: Deadline,
): Promise<CheckResult> {
  const client = new DynamoDBClient(awsClientOptions(timeouts));
  const limits = { cooldownMs: 0, perDay: 1 };
  try {
    await createDynamoDbRateLimiter({ client, tableName, limits }).warmUp(deadline);
    return ok('can be written');
  } catch (error) {
    return problem(nameOf(error), REDEPLOY);
  } finally {
    client.destroy();
  }
}

/** Checks that the queue takes messages; the delivery function deletes this one. */
export async function checkQueue(
  queueUrl: string,
  timeouts: Timeouts,
  deadline: Deadline,
): Promise<CheckResult> {
  const client = new SQSClient(awsClientOptions(timeouts));
  try {
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: SELF_TEST_MESSAGE });
    await deadline.enforce((abortSignal) => client.send(command, { abortSignal }));
    return ok('takes messages');
  } catch (error) {
    return problem(nameOf(error), REDEPLOY);
  } finally {
    client.destroy();
  }
}

/** Checks that a directory gives a usable response about an address of nobody, in so many milliseconds. */
export async function checkDirectory(
  directory: Directory,
  timeoutMs: number,
  deadline: Deadline,
): Promise<CheckResult> {
  const timeout = deadline.within(timeoutMs);
  const resolved = await directory.resolve(NOBODY, timeout).finally(timeout.clear);
  if (resolved !== undefined) return ok('gives a usable response');
  return problem(
    `gives no usable response within ${Math.round(timeoutMs)} ms`,
    'Check directory in the configuration, and the log of the function.',
  );
}

/** Checks that the key of pseudonyms can be read. */
export async function checkPseudonyms(pseudonyms: Pseudonyms, deadline: Deadline): Promise<CheckResult> {
  if ((await pseudonyms.of(NOBODY, deadline)) !== undefined) return ok('can be read');
  return problem('cannot be read', 'Check the secret with the pseudonymization key.');
}

/** Checks that the CAPTCHA's secret key can be read. */
export async function checkCaptchaSecret(
  captchaSecret: (deadline: Deadline) => Promise<string | undefined>,
  deadline: Deadline,
): Promise<CheckResult> {
  if ((await captchaSecret(deadline)) !== undefined) return ok('can be read');
  return problem('cannot be read', 'Run npm run store-token -- --captcha.');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
