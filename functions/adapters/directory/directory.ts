import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Directory } from '../../core/directory.ts';
import type { BeyondIdentityConfig } from '../../runtime/beyond-identity-config.ts';
import type { Context } from '../../runtime/context.ts';
import type { DirectoryConfig } from '../../runtime/directory-config.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import { awsClientOptions } from '../aws/clients.ts';
import { createDynamoDbDirectory } from './dynamodb-directory.ts';
import { externalIdDirectory, userNameDirectory } from './email-directory.ts';
import { createLambdaDirectory, type Invoke } from './lambda-directory.ts';

/** The configured directory. */
export function createDirectory(
  config: DirectoryConfig,
  platform: BeyondIdentityConfig['platform'],
  { telemetry, timeouts }: Context,
): Directory {
  const failed = telemetry.directoryUnavailable;
  const options = awsClientOptions(timeouts);
  switch (config.type) {
    case 'email':
      return platform === 'v0' ? externalIdDirectory : userNameDirectory;
    case 'dynamodb':
      return createDynamoDbDirectory({ client: new DynamoDBClient(options), config, failed });
    case 'lambda':
      return createLambdaDirectory({ invoke: invokeLater(config.functionArn, timeouts), failed });
  }
}

/** The client of Lambda is loaded only where a function is configured: every other cold start goes without. */
function invokeLater(functionArn: string, timeouts: Timeouts): Invoke {
  // what the function does may take longer than a call of AWS itself
  const options = awsClientOptions({ ...timeouts, awsRequestTimeoutMs: timeouts.directoryFunctionMs });
  const loading = import('#invoke-function').then(({ createInvoke }) => createInvoke(functionArn, options));
  // a module that cannot be loaded shows with the first request
  void Promise.allSettled([loading]);
  return async (request, signal) => (await loading)(request, signal);
}
