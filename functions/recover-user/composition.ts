import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../adapters/aws/clients.ts';
import { createDynamoDbRateLimiter } from '../adapters/aws/dynamodb-rate-limiter.ts';
import { createEvents } from '../adapters/aws/event-bus.ts';
import { createSqsOutbox } from '../adapters/aws/sqs-outbox.ts';
import { createCaptchaVerifier } from '../adapters/captcha/captcha-verifier.ts';
import { createEarlyAgent } from '../adapters/http/early-connection.ts';
import type { Events } from '../core/events.ts';
import { createFallbackRateLimiter } from '../core/fallback-rate-limiter.ts';
import { createInMemoryRateLimiter } from '../core/in-memory-rate-limiter.ts';
import type { RateLimiter } from '../core/rate-limiter.ts';
import { type Captcha, createRecoverUser, type RecoverUser } from '../core/recover-user.ts';
import type { Context } from '../runtime/context.ts';
import { startDeadline } from '../runtime/deadline.ts';
import type { CaptchaConfig, Config } from './config.ts';
import { type CaptchaSecret, createSecretPorts } from './secrets.ts';

/** The use case with its adapters, ready for the first request. */
export interface Composition {
  recoverUser: RecoverUser;
  events: Events;
}

/** Chooses the adapters by the configuration, and opens their connections as far as that is possible. */
export async function compose(config: Config, context: Context): Promise<Composition> {
  const secrets = createSecretPorts(config, context);
  const events = createEvents(config.events, config.stage, context);
  const [rateLimiter] = await Promise.all([
    createRateLimiter(config, context),
    events.warmUp(),
    ...secrets.ready,
  ]);
  const recoverUser = createRecoverUser({
    rateLimiter,
    pseudonyms: secrets.pseudonyms,
    forwarding: secrets.forwarding,
    captcha:
      config.captcha &&
      secrets.captchaSecret &&
      createCaptcha(config.captcha, secrets.captchaSecret, context),
    outbox: config.outboxQueueUrl === undefined ? undefined : createOutbox(config.outboxQueueUrl, context),
  });
  return { recoverUser, events };
}

function createOutbox(queueUrl: string, { telemetry, timeouts }: Context) {
  const url = new URL(queueUrl);
  const { requestHandler, ...options } = awsClientOptions(timeouts);
  // the first request that needs the outbox has little time left: the connection is opened now
  const agent = createEarlyAgent(url);
  const agents = url.protocol === 'https:' ? { httpsAgent: agent } : { httpAgent: agent };
  return createSqsOutbox({
    client: new SQSClient({ ...options, requestHandler: { ...requestHandler, ...agents } }),
    queueUrl,
    failed: telemetry.outboxFailed,
  });
}

async function createRateLimiter(
  { attemptsTableName, limits }: Pick<Config, 'attemptsTableName' | 'limits'>,
  { telemetry, timeouts }: Context,
): Promise<RateLimiter> {
  const inMemory = createInMemoryRateLimiter(limits, Date.now);
  if (attemptsTableName === undefined) return inMemory;
  const client = new DynamoDBClient(awsClientOptions(timeouts));
  const shared = createDynamoDbRateLimiter({ client, tableName: attemptsTableName, limits, now: Date.now });
  const warmUp = startDeadline(timeouts.warmUpMs);
  // table errors surface on the first request
  await shared.warmUp(warmUp).catch(() => undefined);
  warmUp.clear();
  return createFallbackRateLimiter({
    primary: shared,
    fallback: inMemory,
    timeoutMs: timeouts.rateLimiterTimeoutMs,
    onFallback: telemetry.rateLimiterFellBack,
    onReleaseFailed: telemetry.releaseFailed,
  });
}

function createCaptcha(
  { failureMode, ...options }: CaptchaConfig,
  secret: CaptchaSecret,
  { telemetry, timeouts }: Context,
): Captcha {
  const verifier = createCaptchaVerifier({
    ...options,
    secret,
    timeoutMs: timeouts.captchaTimeoutMs,
    onUnavailable: telemetry.captchaUnavailable,
  });
  return { verifier, failureMode, onSkipped: telemetry.captchaSkipped };
}
