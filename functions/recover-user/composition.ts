import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  type AuditLog,
  createCloudWatchAuditLog,
  createPrintedAuditLog,
} from '../adapters/aws/cloudwatch-audit-log.ts';
import { createDynamoDbRateLimiter } from '../adapters/aws/dynamodb-rate-limiter.ts';
import { createPseudonymKeySecret, type RecoverySecret } from '../adapters/aws/recovery-secret.ts';
import { createSqsOutbox } from '../adapters/aws/sqs-outbox.ts';
import {
  createForwarding,
  createSecretsManagerClient,
  givingUpAfter,
  secretOptions,
} from '../adapters/beyond-identity/forwarding.ts';
import { createCaptchaVerifier } from '../adapters/captcha/captcha-verifier.ts';
import { createEarlyAgent } from '../adapters/http/early-connection.ts';
import { createFallbackRateLimiter } from '../core/fallback-rate-limiter.ts';
import { createInMemoryRateLimiter } from '../core/in-memory-rate-limiter.ts';
import type { CaptchaVerifier, Ports, RateLimiter } from '../core/recover-user.ts';
import { startDeadline } from '../runtime/deadline.ts';
import type { Telemetry } from '../runtime/telemetry.ts';
import type { Timing } from '../runtime/timeouts.ts';
import type { Settings } from './config.ts';

/** What stands behind the ports, ready for the first request. */
export interface Adapters {
  ports: Ports;
  auditLog: AuditLog;
}

/** Chooses the adapters by the settings, and makes their connections ready, as far as that goes. */
export async function createAdapters(
  settings: Settings,
  telemetry: Telemetry,
  timing: Timing,
): Promise<Adapters> {
  const { secret, ...forwardOrNot } = createSecretAndForward(settings, telemetry, timing);
  const auditLog = createAuditLog(settings, telemetry, timing);
  const [rateLimiter] = await Promise.all([
    createRateLimiter(settings, telemetry, timing),
    auditLog.warmUp(),
    secret.firstRead,
  ]);
  return {
    auditLog,
    ports: {
      ...forwardOrNot,
      goesOnUnchecked: settings.captcha?.failureMode === 'open' ? telemetry.captchaSkipped : undefined,
      pseudonyms: secret.pseudonyms,
      rateLimiter,
      outbox: createOutbox(settings, telemetry, timing),
    },
  };
}

/** Where requests go straight to the outbox, nothing is there that could read the API token. */
function createSecretAndForward(
  settings: Settings,
  telemetry: Telemetry,
  timing: Timing,
): Pick<Ports, 'forward' | 'captcha'> & { secret: Pick<RecoverySecret, 'pseudonyms' | 'firstRead'> } {
  if ('pseudonymKeySecretId' in settings.secret) {
    const secret = createPseudonymKeySecret({
      client: createSecretsManagerClient(timing),
      secretId: settings.secret.pseudonymKeySecretId,
      ...secretOptions(telemetry, timing),
    });
    return { secret };
  }
  const { secret, forward } = createForwarding({ ...settings, ...settings.secret }, telemetry, timing);
  return { secret, forward, captcha: createConfiguredCaptchaVerifier(settings, secret, telemetry, timing) };
}

function createOutbox({ outboxQueueUrl }: Settings, telemetry: Telemetry, timing: Timing) {
  if (outboxQueueUrl === undefined) return undefined;
  const url = new URL(outboxQueueUrl);
  // the first request that needs the outbox has little time left: not to be spent on connecting
  const agent = createEarlyAgent(url);
  return createSqsOutbox({
    client: new SQSClient({
      maxAttempts: 2,
      requestHandler: {
        ...givingUpAfter(timing.awsConnectMs, timing.awsAnswerMs),
        ...(url.protocol === 'https:' ? { httpsAgent: agent } : { httpAgent: agent }),
      },
    }),
    queueUrl: outboxQueueUrl,
    failed: telemetry.outboxFailed,
  });
}

function createAuditLog({ auditLogGroupName }: Settings, telemetry: Telemetry, timing: Timing): AuditLog {
  if (auditLogGroupName === undefined) return createPrintedAuditLog(telemetry.audit);
  return createCloudWatchAuditLog({
    client: new CloudWatchLogsClient({
      // the second one for a connection that went stale while Lambda had frozen the instance
      maxAttempts: 2,
      requestHandler: givingUpAfter(timing.awsConnectMs, timing.awsAnswerMs),
    }),
    logGroupName: auditLogGroupName,
    failed: telemetry.auditFailed,
  });
}

async function createRateLimiter(
  { attemptsTableName, limits }: Settings,
  telemetry: Telemetry,
  timing: Timing,
): Promise<RateLimiter> {
  const own = createInMemoryRateLimiter(limits);
  if (attemptsTableName === undefined) return own;
  const shared = createDynamoDbRateLimiter({
    client: new DynamoDBClient({
      // the second one for a connection that went stale while Lambda had frozen the instance
      maxAttempts: 2,
      requestHandler: givingUpAfter(timing.awsConnectMs, timing.awsAnswerMs),
    }),
    tableName: attemptsTableName,
    limits,
  });
  const warmUp = startDeadline(timing.warmUpMs);
  // whatever is wrong with the table shows with the first request
  await shared.warmUp(warmUp).catch(() => undefined);
  warmUp.clear();
  return createFallbackRateLimiter({
    primary: shared,
    fallback: own,
    timeoutMs: timing.rateLimiterTimeoutMs,
    onFallback: telemetry.rateLimiterFellBack,
    onReleaseFailed: telemetry.releaseFailed,
  });
}

function createConfiguredCaptchaVerifier(
  { captcha }: Settings,
  secret: RecoverySecret,
  telemetry: Telemetry,
  timing: Timing,
): CaptchaVerifier | undefined {
  if (captcha === undefined) return undefined;
  return createCaptchaVerifier({
    ...captcha,
    secret: secret.captchaSecret,
    patienceMs: timing.captchaTimeoutMs,
    unavailable: telemetry.captchaUnavailable,
  });
}
