import { App, Stack } from 'aws-cdk-lib';
import { ConfigError, UserRecovery } from 'beyond-identity-user-recovery';

try {
  new UserRecovery(new Stack(new App(), 'RecoveryStack'), 'Recovery', {
    beyondIdentity: { platform: 'v1', region: 'us' },
    allowedOrigins: ['www.example.com'],
    mailboxAttemptsPerDay: 100,
    retries: 3,
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stdout.write(error.message);
}
