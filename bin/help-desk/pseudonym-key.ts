import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { MalformedSecret } from '../../functions/adapters/aws/cached-secret.ts';
import { pseudonymKeyIn } from '../../functions/adapters/aws/credential-secret.ts';
import { valueUnder } from '../../functions/adapters/aws/secret-value.ts';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

/**
 * The pseudonymization key of a deployment, which must not be printed: from a secret of its own, or as the endpoint does
 * from that of the API token. Throws {@link OperatorError}.
 */
export async function readPseudonymKey(
  outputs: ReadonlyMap<string, string>,
  permissions: string,
): Promise<string> {
  const ownSecret = outputs.get('PseudonymKeySecretArn');
  const secretId = ownSecret ?? outputs.get('ApiTokenSecretArn');
  if (secretId === undefined) {
    throw new OperatorError(
      'The stack has no outputs PseudonymKeySecretArn and ApiTokenSecretArn. Name the right stage with --stage.',
    );
  }
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString = '' } = await new SecretsManagerClient().send(command, callDeadline());
    return ownSecret === undefined
      ? pseudonymKeyIn(SecretString)
      : valueUnder('PSEUDONYM_KEY', SecretString, 'store a long random text in it');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof MalformedSecret) {
      throw new OperatorError(`The pseudonymization key in ${secretId} cannot be used: ${error.message}.`);
    }
    if (error.name === 'ResourceNotFoundException') {
      throw new OperatorError(`The secret ${secretId} has no value. Run npm run doctor for the fix.`);
    }
    throw new OperatorError(explain('The pseudonymization key could not be read', error, permissions));
  }
}
