import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AuditLog, createCloudWatchAuditLog, createPrintedAuditLog } from './audit-log.ts';
import { createBeyondIdentity } from './beyond-identity.ts';
import { startDeadline } from './deadline.ts';
import { addressIsExternalId } from './directory.ts';
import { createDynamoDbAttemptLedger } from './dynamodb-attempt-ledger.ts';
import { createFallbackAttemptLedger } from './fallback-attempt-ledger.ts';
import { createHttpsPost } from './https-post.ts';
import { createHumanCheck } from './human-check.ts';
import { createMemoryAttemptLedger } from './memory-attempt-ledger.ts';
import type { AttemptLedger, HumanCheck, Ports } from './recover-user.ts';
import { createRecoverySecret, type RecoverySecret } from './recovery-secret.ts';
import type { Settings } from './settings.ts';
import type { Telemetry } from './telemetry.ts';
import type { Timing } from './timing.ts';

/** What stands behind the ports, ready for the first request. */
export interface Adapters {
  ports: Ports;
  auditLog: AuditLog;
}

/** Chooses the adapters by the settings, and waits until their connections are open, or {@link Timing.warmUpMs} are over. */
export async function createAdapters(
  settings: Settings,
  telemetry: Telemetry,
  timing: Timing,
): Promise<Adapters> {
  // first of all, so that it connects while the others are waited for
  const post = createHttpsPost(settings.beyondIdentityApiUrl);
  const secret = createRecoverySecret({
    client: new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: timing.secretsManagerConnectMs,
        requestTimeout: timing.secretsManagerAnswerMs,
        throwOnRequestTimeout: true,
      },
    }),
    secretId: settings.apiTokenSecretId,
    timeToLiveMs: timing.secretTimeToLiveMs,
    unreadable: telemetry.tokenUnreadable,
  });
  const auditLog = createAuditLog(settings, telemetry);
  const [ledger] = await Promise.all([
    createLedger(settings, telemetry, timing),
    auditLog.warmUp(),
    secret.firstRead,
  ]);
  return {
    auditLog,
    ports: {
      humanCheck: createConfiguredHumanCheck(settings, secret, telemetry, timing),
      goesOnUnchecked: settings.humanCheck?.whenDown === 'open',
      pseudonyms: secret.pseudonyms,
      ledger,
      directory: addressIsExternalId,
      apiToken: secret.apiToken,
      beyondIdentity: createBeyondIdentity(
        post,
        { firstMs: timing.firstRetryPauseMs, longestMs: timing.longestRetryPauseMs },
        telemetry,
      ),
    },
  };
}

function createAuditLog({ auditLogGroupName }: Settings, telemetry: Telemetry): AuditLog {
  if (auditLogGroupName === undefined) return createPrintedAuditLog(telemetry.audit);
  return createCloudWatchAuditLog({
    client: new CloudWatchLogsClient({ maxAttempts: 1 }),
    logGroupName: auditLogGroupName,
    failed: telemetry.auditFailed,
  });
}

async function createLedger(
  { attemptsTableName, limits }: Settings,
  telemetry: Telemetry,
  timing: Timing,
): Promise<AttemptLedger> {
  const own = createMemoryAttemptLedger(limits);
  if (attemptsTableName === undefined) return own;
  const shared = createDynamoDbAttemptLedger({
    client: new DynamoDBClient({ maxAttempts: 1 }),
    tableName: attemptsTableName,
    limits,
  });
  const warmUp = startDeadline(timing.warmUpMs);
  // whatever is wrong with the table shows with the first request
  await shared.warmUp(warmUp).catch(() => undefined);
  warmUp.clear();
  return createFallbackAttemptLedger({
    shared,
    own,
    patienceMs: timing.ledgerPatienceMs,
    fellBack: telemetry.ledgerFellBack,
  });
}

function createConfiguredHumanCheck(
  { humanCheck }: Settings,
  secret: RecoverySecret,
  telemetry: Telemetry,
  timing: Timing,
): HumanCheck | undefined {
  if (humanCheck === undefined) return undefined;
  return createHumanCheck({
    ...humanCheck,
    secret: secret.humanCheckSecret,
    patienceMs: timing.humanCheckPatienceMs,
    unavailable: telemetry.humanCheckUnavailable,
  });
}
