import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { RecoveryResources } from './recovery-resources.ts';

/** Lets the grantee look up what became of a person's requests: `npm run lookup`. */
export function grantLookup(grantee: IGrantable, resources: RecoveryResources): Grant {
  const { auditLog, outbox } = resources;
  return all(grantee, resources, [
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
  return all(grantee, resources, [
    resources.outbox.grantSend(grantee),
    resources.eventBus.grantPublish(grantee),
    grantPseudonymKey(grantee, resources),
  ]);
}

/** Lets the grantee put dead letters back into the outbox: `npm run redrive`. */
export function grantRedrive(grantee: IGrantable, resources: RecoveryResources): Grant {
  const { outbox } = resources;
  return all(grantee, resources, [
    Grant.addToPrincipal({
      grantee,
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resourceArns: [outbox.deadLetterQueue.queueArn],
    }),
    outbox.grantSend(grantee),
    resources.eventBus.grantPublish(grantee),
  ]);
}

function grantPseudonymKey(
  grantee: IGrantable,
  { pseudonymKeySecret, apiTokenSecret }: RecoveryResources,
): Grant {
  return (pseudonymKeySecret ?? apiTokenSecret).grantReadValue(grantee);
}

/** What is encrypted with the deployment's key needs that, too. */
function all(grantee: IGrantable, { encryptionKey }: RecoveryResources, grants: readonly Grant[]): Grant {
  const key = encryptionKey?.grantEncryptDecrypt(grantee);
  return [...grants, ...(key ? [key] : [])].reduce((sum, grant) => sum.combine(grant));
}
