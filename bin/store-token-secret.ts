import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isJson } from '../functions/adapters/aws/secret-value.ts';
import { callDeadline, explain, OperatorError } from './stack-outputs.ts';
import type { Credential } from './store-token-credentials.ts';

/** Permissions that {@link putIntoSecret} needs. */
export const SECRET_PERMISSIONS = 'secretsmanager:GetSecretValue and secretsmanager:PutSecretValue';

/** Where a credential goes. */
export interface Destination {
  /** Name or ARN. */
  secretId: string;
  /** Whether a secret that looks like JSON but is not may be overwritten. */
  overwritesMalformed: boolean;
  /** All permissions of the command, for its error message. */
  permissions: string;
}

/** Stores a credential in a secret beside what the secret holds already. Throws {@link OperatorError}. */
export async function putIntoSecret(
  values: Readonly<Record<string, string>>,
  credential: Credential,
  { secretId, overwritesMalformed, permissions }: Destination,
): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    const { SecretString, SecretBinary } = await currentValue(client, secretId);
    if (SecretBinary)
      throw new OperatorError(`The secret ${secretId} holds binary data; is it the right one?`);
    const current = SecretString?.trim() ?? '';
    const renewed = renewedSecret(current, values, credential, overwritesMalformed);
    if ('problem' in renewed) throw new OperatorError(`The secret ${secretId} ${renewed.problem}`);
    const command = new PutSecretValueCommand({ SecretId: secretId, SecretString: renewed.value });
    await client.send(command, callDeadline());
  } catch (error) {
    if (error instanceof OperatorError || !(error instanceof Error)) throw error;
    throw new OperatorError(
      error.name === 'ResourceNotFoundException'
        ? `There is no secret ${secretId} in this account and region.`
        : explain(`The secret ${secretId} could not be changed`, error, permissions),
    );
  }
}

/** Nothing where the secret has no value yet; whether there is such a secret at all shows when it is stored. */
async function currentValue(
  client: SecretsManagerClient,
  secretId: string,
): Promise<Pick<GetSecretValueCommandOutput, 'SecretString' | 'SecretBinary'>> {
  try {
    return await client.send(new GetSecretValueCommand({ SecretId: secretId }), callDeadline());
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
}

/** The new value of a secret: keeps the other keys of a JSON object, unless the credential replaces them. */
function renewedSecret(
  current: string,
  values: Readonly<Record<string, string>>,
  { replaces, mayBeBare, replacesBare }: Credential,
  overwritesMalformed: boolean,
): { value: string } | { problem: string } {
  const object = jsonObjectIn(current);
  if (object) {
    const kept = Object.entries(object).filter(([key]) => !replaces.includes(key));
    return { value: JSON.stringify({ ...Object.fromEntries(kept), ...values }) };
  }
  if (current.startsWith('{')) {
    if (!overwritesMalformed) {
      return {
        problem:
          'looks like JSON but cannot be parsed: whatever else it holds would be lost. Correct it, or overwrite it with --force.',
      };
    }
  } else if (current !== '' && !replacesBare) {
    return {
      problem:
        'holds a bare value, which may be an API token. Name the secret of the CAPTCHA, or one that holds a JSON object.',
    };
  }
  const [bare] = Object.values(values);
  // the functions would read what is JSON, such as true or 123, as something else than this text
  const isBare = mayBeBare && bare !== undefined && !isJson(bare);
  return { value: isBare ? bare : JSON.stringify(values) };
}

function jsonObjectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
