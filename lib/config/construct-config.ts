import type * as z from 'zod';
import type { UserRecoveryProps } from '../user-recovery-props.ts';
import { type Config, readConfig } from './config.ts';
import type { configFile } from './config-schema.ts';

/** The settings that a construct may leave out, with what they then are. */
export const DEFAULT_SETTINGS = {
  responseTimeMs: 2000,
  mailboxCooldownSeconds: 60,
  mailboxAttemptsPerDay: 5,
  requestsPerClientIp: 100,
  throttleRequestsPerSecond: 50,
  throttleBurst: 200,
  deliveryConcurrency: 2,
  outboxMaximumAgeSeconds: 3600,
  logRetentionDays: 30,
  auditRetentionDays: 90,
  delivery: 'direct',
  canary: { percent: 10, minutes: 5 },
  recoveryPage: false,
  accountCloudWatchRole: false,
} as const;

/** The configuration of a construct, with the rules of a stage's file. Throws `ConfigError`, which names every problem at once. */
export function constructConfig(stage: string, props: UserRecoveryProps): Config {
  const given = Object.fromEntries(
    Object.entries(settingsOf(props)).filter(([, value]) => value !== undefined),
  );
  const config = readConfig(stage, { ...DEFAULT_SETTINGS, ...given });
  return { ...config, isHotfix: props.isHotfix ?? false };
}

/** Settings as a file may have them; undefined is as good as absent. */
type SettingsInput = {
  [Name in keyof z.input<typeof configFile>]?: z.input<typeof configFile>[Name] | undefined;
};

/** The properties that are settings of a stage's file, by the names that they have there. */
function settingsOf({
  allowedOrigins,
  directory,
  stage: _stage,
  isHotfix: _isHotfix,
  apiTokenSecret: _apiTokenSecret,
  domain: _domain,
  alarmTopic: _alarmTopic,
  eventBus: _eventBus,
  encryptionKey: _encryptionKey,
  removalPolicy: _removalPolicy,
  vpc: _vpc,
  vpcSubnets: _vpcSubnets,
  ...settings
}: UserRecoveryProps): SettingsInput {
  return {
    ...settings,
    ...(allowedOrigins && { allowedOrigins: [...allowedOrigins] }),
    ...(directory && { directory: directorySetting(directory) }),
  };
}

function directorySetting(directory: UserRecoveryProps['directory']) {
  switch (directory.type) {
    case 'dynamodb': {
      const { table, ...setting } = directory;
      return { ...setting, tableName: typeof table === 'string' ? table : table.tableArn };
    }
    case 'lambda': {
      const { function: lambda, ...setting } = directory;
      return { ...setting, functionArn: typeof lambda === 'string' ? lambda : lambda.functionArn };
    }
    default:
      return directory;
  }
}
