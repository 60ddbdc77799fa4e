import { describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { withSelfTest } from '../../../functions/runtime/self-test.ts';

describe('an event of a function', () => {
  const context: Context = Object({});
  const handle = withSelfTest(
    async (event: object) => event,
    async () => ({ status: 'ok', checks: [] }),
  );

  test('starts a self-test when it is exactly the self-test event', async () => {
    await expect(handle({ kind: 'self-test' }, context)).resolves.toEqual({ status: 'ok', checks: [] });
  });

  test.each([
    { kind: 'self-test', httpMethod: 'POST' },
    { kind: 'self-test', requestContext: {} },
    { kind: 'self-test', Records: [] },
    { body: '{"kind":"self-test"}', httpMethod: 'POST', requestContext: {} },
    { kind: 'other' },
    {},
  ])('of API Gateway or SQS starts no self-test: %j', async (event) => {
    await expect(handle(event, context)).resolves.toBe(event);
  });
});
