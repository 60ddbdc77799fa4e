import { App, Stack } from 'aws-cdk-lib';
import { UserRecovery } from 'beyond-identity-user-recovery';

const app = new App();
new UserRecovery(new Stack(app, 'RecoveryStack'), 'Default', {
  stage: 'production',
  beyondIdentity: { platform: 'v0', region: 'us' },
  directory: { type: 'email' },
  allowedOrigins: [],
});
app.synth();
