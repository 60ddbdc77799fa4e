import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { RecoveryResources } from './recovery-resources.ts';

/** Lets the grantee look up what became of a person's requests: `npm run lookup`. */
export function grantLookup(grantee: IGrantable, resources: RecoveryResources): Grant {
  const { auditLog, outbox } = resources;
  const decryption = resources.encryptionKey?.grantDecrypt(grantee);
  return combined([
    ...(decryption ? [decryption] : []),
    Grant.addToPrincipal({
      grantee,
      actions: ['logs:StartQuery'],
      resourceArns: [auditLog.logGroup.logGroupArn],
    }),
    // results are named by the query, which knows no resource
    Grant.addToPrincipal({ grantee, actions: ['logs:GetQueryResults'], resourceArns: ['*'] }),
    Grant.addToPrincipal({
      grantee,
      actions: ['sqs:GetQueueAttributes'],
      resourceArns: [outbox.queueArn],
    }),
    grantPseudonymKey(grantee, resources),
  ]);
}

/** Lets the grantee send a person a recovery past the rate limit: `npm run recover`. */
export function grantRecover(grantee: IGrantable, resources: RecoveryResources): Grant {
  return sending(grantee, resources, [
    resources.outbox.grantSend(grantee),
    grantOperatorEvents(grantee, resources),
    grantPseudonymKey(grantee, resources),
  ]);
}

/** Lets the grantee put dead letters back into the outbox: `npm run redrive`. */
export function grantRedrive(grantee: IGrantable, resources: RecoveryResources): Grant {
  const { outbox } = resources;
  return sending(grantee, resources, [
    Grant.addToPrincipal({
      grantee,
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resourceArns: [outbox.deadLetterQueue.queueArn],
    }),
    outbox.grantSend(grantee),
    grantOperatorEvents(grantee, resources),
  ]);
}

/** Commands look whether the bus exists: an event for one that does not is lost without an error. */
function grantOperatorEvents(grantee: IGrantable, { eventBus }: RecoveryResources): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['events:DescribeEventBus', 'events:PutEvents'],
    resourceArns: [eventBus.bus.eventBusArn],
  });
}

function grantPseudonymKey(
  grantee: IGrantable,
  { pseudonymKeySecret, apiTokenSecret }: RecoveryResources,
): Grant {
  return (pseudonymKeySecret ?? apiTokenSecret).grantReadValue(grantee);
}

/** What is sent to a queue that is encrypted with the deployment's key needs that, too. */
function sending(grantee: IGrantable, { encryptionKey }: RecoveryResources, grants: readonly Grant[]): Grant {
  const key = encryptionKey?.grantEncryptDecrypt(grantee);
  return combined([...grants, ...(key ? [key] : [])]);
}

function combined(grants: readonly Grant[]): Grant {
  return grants.reduce((sum, grant) => sum.combine(grant));
}
