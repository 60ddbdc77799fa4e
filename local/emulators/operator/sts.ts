import { type AwsResponse, element, queryResult } from './aws-response.ts';
import { CALLER_ARN } from './deployment.ts';

/** STS's GetCallerIdentity: everybody is the same operator. */
export function getCallerIdentity(): AwsResponse {
  return queryResult('GetCallerIdentity', element('Arn', CALLER_ARN));
}
