import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createApiTokenSecret } from '../adapters/aws/api-token-secret.ts';
import { type AuditLog, createCloudWatchAuditLog, createPrintedAuditLog } from '../adapters/aws/audit-log.ts';
import { awsClientOptions, secretOptions } from '../adapters/aws/clients.ts';
import { createDynamoDbRateLimiter } from '../adapters/aws/dynamodb-rate-limiter.ts';
import { createCaptchaSecret, createPseudonymKeySecret } from '../adapters/aws/single-value-secrets.ts';
import { createSqsOutbox } from '../adapters/aws/sqs-outbox.ts';
import { createForwarding } from '../adapters/beyond-identity/forwarding.ts';
import { createCaptchaVerifier } from '../adapters/captcha/captcha-verifier.ts';
import { createEarlyAgent } from '../adapters/http/early-connection.ts';
import { createFallbackRateLimiter } from '../core/fallback-rate-limiter.ts';
import type { Forward } from '../core/forward.ts';
import { createInMemoryRateLimiter } from '../core/in-memory-rate-limiter.ts';
import type { RateLimiter } from '../core/rate-limiter.ts';
import { type Captcha, createRecoverUser, type Pseudonyms, type RecoverUser } from '../core/recover-user.ts';
import type { Context } from '../runtime/context.ts';
import { startDeadline } from '../runtime/deadline.ts';
import type { CaptchaConfig, Config, SecretIds } from './config.ts';

/** The use case with its adapters, ready for the first request. */
export interface Composition {
  recoverUser: RecoverUser;
  auditLog: AuditLog;
}

/** Chooses the adapters by the configuration, and opens their connections as far as that is possible. */
export async function compose(config: Config, context: Context): Promise<Composition> {
  const secrets = createSecrets(config.secretIds, config.beyondIdentityApiUrl, context);
  const auditLog = createAuditLog(config.auditLogGroupName, context);
  const [rateLimiter] = await Promise.all([
    createRateLimiter(config, context),
    auditLog.warmUp(),
    ...secrets.ready,
  ]);
  const recoverUser = createRecoverUser({
    rateLimiter,
    pseudonyms: secrets.pseudonyms,
    forward: secrets.forward,
    captcha:
      config.captcha &&
      secrets.captchaSecret &&
      createCaptcha(config.captcha, secrets.captchaSecret, context),
    outbox: config.outboxQueueUrl === undefined ? undefined : createOutbox(config.outboxQueueUrl, context),
  });
  return { recoverUser, auditLog };
}

type CaptchaSecret = ReturnType<typeof createCaptchaSecret>['captchaSecret'];

/** What is read from Secrets Manager, and what depends on it. */
interface Secrets {
  pseudonyms: Pseudonyms;
  /** Absent where no secret can hold it. */
  captchaSecret: CaptchaSecret | undefined;
  /** Absent where requests go straight to the outbox: then nothing here can read the API token. */
  forward: Forward | undefined;
  ready: Promise<void>[];
}

/** What has no secret of its own is in the JSON of the API token's. */
function createSecrets(ids: SecretIds, beyondIdentityApiUrl: URL, context: Context): Secrets {
  const captcha = ids.captcha ? createCaptchaSecret(secretOptions(ids.captcha, context)) : undefined;
  const ownReads = captcha ? [captcha.ready] : [];
  if (!('apiToken' in ids)) {
    const { pseudonyms, ready } = createPseudonymKeySecret(secretOptions(ids.pseudonymKey, context));
    const captchaSecret = captcha?.captchaSecret;
    return { pseudonyms, captchaSecret, forward: undefined, ready: [...ownReads, ready] };
  }
  const key = ids.pseudonymKey && createPseudonymKeySecret(secretOptions(ids.pseudonymKey, context));
  const apiToken = createApiTokenSecret(secretOptions(ids.apiToken, context));
  return {
    pseudonyms: key ? key.pseudonyms : apiToken.pseudonyms,
    captchaSecret: captcha?.captchaSecret ?? apiToken.captchaSecret,
    forward: createForwarding(beyondIdentityApiUrl, apiToken.apiToken, context),
    ready: [...ownReads, ...(key ? [key.ready] : []), apiToken.ready],
  };
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

function createAuditLog(logGroupName: string | undefined, { telemetry, timeouts }: Context): AuditLog {
  if (logGroupName === undefined) return createPrintedAuditLog(telemetry.audit);
  return createCloudWatchAuditLog({
    client: new CloudWatchLogsClient(awsClientOptions(timeouts)),
    logGroupName,
    streamTimeoutMs: timeouts.warmUpMs,
    failed: telemetry.auditFailed,
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
