import * as z from 'zod/mini';
import { DIRECTORIES } from './configuration-bounds.ts';
import { type Environment, oneOf, parseEnvironment, requiredText, text } from './environment.ts';

/** Where users are found by their address. */
export type DirectoryConfig = { type: 'email' } | DynamoDbDirectoryConfig | LambdaDirectoryConfig;

/** A DynamoDB table of the app's users. */
export interface DynamoDbDirectoryConfig {
  type: 'dynamodb';
  tableName: string;
  /** A global secondary index; absent: the address is the table's partition key. */
  indexName: string | undefined;
  /** The attribute with the address, the partition key of the table or of the index. */
  addressAttribute: string;
  /** The attribute with the reference. */
  referenceAttribute: string;
}

/** A Lambda function of the app's. */
export interface LambdaDirectoryConfig {
  type: 'lambda';
  functionArn: string;
}

const typeSchema = z.object({ DIRECTORY: oneOf(DIRECTORIES) });
const dynamoDbSchema = z.object({
  DIRECTORY_TABLE_NAME: requiredText('set it to the name or ARN of the DynamoDB table of the users'),
  DIRECTORY_INDEX_NAME: text('the name of a global secondary index'),
  DIRECTORY_ADDRESS_ATTRIBUTE: requiredText('set it to the attribute with the email address'),
  DIRECTORY_REFERENCE_ATTRIBUTE: requiredText("set it to the attribute with the user's reference"),
});
const lambdaSchema = z.object({
  DIRECTORY_FUNCTION_ARN: requiredText('set it to the ARN of the Lambda function that finds users'),
});

/** Reads where users are found. Throws `ConfigError`. */
export function readDirectoryConfig(environment: Environment): DirectoryConfig {
  const { DIRECTORY } = parseEnvironment(typeSchema, environment);
  if (DIRECTORY === 'dynamodb') {
    const data = parseEnvironment(dynamoDbSchema, environment);
    return {
      type: 'dynamodb',
      tableName: data.DIRECTORY_TABLE_NAME,
      indexName: data.DIRECTORY_INDEX_NAME || undefined,
      addressAttribute: data.DIRECTORY_ADDRESS_ATTRIBUTE,
      referenceAttribute: data.DIRECTORY_REFERENCE_ATTRIBUTE,
    };
  }
  if (DIRECTORY === 'lambda') {
    const { DIRECTORY_FUNCTION_ARN } = parseEnvironment(lambdaSchema, environment);
    return { type: 'lambda', functionArn: DIRECTORY_FUNCTION_ARN };
  }
  return { type: 'email' };
}
