import { App, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';
import configuration from '../../cdk.json' with { type: 'json' };
import { EventsToQueue } from '../../examples/events/events-to-queue.ts';
import { stackNameOf } from '../../lib/config/stages.ts';
import { RecoveryStack } from '../../lib/recovery-stack.ts';
import { SIMULATED_IDS } from '../../local/tenant/v1/simulated-ids.ts';
import { configWith } from '../infrastructure/config-with.ts';
import { DEPLOYMENTS, EVENTS_TO_QUEUE, stageOf } from './deployments.ts';

/*
 * Script: synthesizes a stack of each deployment, with its bundles, and the example that sends events to a queue, into the folder
 * that is its argument. A separate process, because forking from one as large as the CDK's takes longer.
 */
const [, , outdir = ''] = process.argv;
const app = new App({ outdir, context: configuration.context, analyticsReporting: false });
for (const deployment of DEPLOYMENTS) {
  const stage = stageOf(deployment);
  const beyondIdentity =
    deployment.platform === 'v1'
      ? { platform: 'v1', region: 'us', ...SIMULATED_IDS }
      : { platform: 'v0', region: 'us' };
  const config = configWith({ beyondIdentity, delivery: deployment.delivery }, stage);
  new RecoveryStack(app, stackNameOf(stage), { config });
}
const consumer = new Stack(app, EVENTS_TO_QUEUE);
const { valueAsString: eventBusName } = new CfnParameter(consumer, 'EventBusName');
const { queue } = new EventsToQueue(consumer, 'Events', { eventBusName });
new CfnOutput(consumer, 'QueueUrl', { value: queue.queueUrl });
app.synth();
