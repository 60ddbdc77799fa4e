import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { readSettings, SettingsError } from '../lib/config/settings.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';

/** The CDK app: settings of the deployment in, `RecoveryStack` out, checked against AWS's own rules. */
function main(): void {
  const app = new App();
  const settings = readSettings(app.node.getAllContext());
  new RecoveryStack(app, 'RecoveryStack', settings);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(
    `The deployment settings (cdk.json, or -c name=value) do not fit:\n${error.message.replaceAll(/^/gm, '  - ')}`,
  );
  process.exitCode = 1;
}
