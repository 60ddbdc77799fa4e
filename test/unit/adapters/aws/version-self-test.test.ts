import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createTestVersion } from '../../../../functions/adapters/aws/version-self-test.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import { TIMEOUTS } from '../../../../functions/runtime/timeouts.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:recover:7';

const lambda = mockClient(LambdaClient);
afterEach(() => {
  lambda.reset();
});

test.each<[string, Partial<InvokeCommandOutput>, string]>([
  ['is no report', {}, 'recover:7 returned no report of a self-test'],
  ['is a crash', { FunctionError: 'Unhandled' }, 'recover:7 ended without a result: Unhandled'],
])('a response of a version without content %s', async (_what, response, problem) => {
  lambda.on(InvokeCommand, { FunctionName: ARN }).resolves(response);
  const deadline = startDeadline(60_000);
  expect(await createTestVersion(TIMEOUTS)(ARN, deadline).finally(deadline.clear)).toEqual([problem]);
});
