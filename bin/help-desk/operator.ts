import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

/** The ARN of the IAM identity that runs the command. Throws {@link OperatorError}. */
export async function callerArn(permissions: string): Promise<string> {
  const { Arn } = await new STSClient()
    .send(new GetCallerIdentityCommand(), callDeadline())
    .catch((error: Error) => {
      throw new OperatorError(explain('Your AWS identity could not be looked up', error, permissions));
    });
  if (Arn === undefined) throw new OperatorError('Your AWS identity has no ARN. Sign in again.');
  return Arn;
}
