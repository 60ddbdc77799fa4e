import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ConfigError } from '../lib/config/config-error.ts';
import { configOf } from '../lib/config/config-files.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';

/** The CDK app: the configuration of a stage in, its stack out, checked against AWS's own rules. */
function main(): void {
  const app = new App();
  const config = configOf(app.node.getAllContext());
  new RecoveryStack(app, stackNameOf(config.stage), { config });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`Invalid configuration:\n${error.message.replaceAll(/^/gm, '  - ')}`);
  process.exitCode = 1;
}
