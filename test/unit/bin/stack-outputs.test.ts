import { expect, test } from '@jest/globals';
import { causeOf, explain } from '../../../bin/stack-outputs.ts';

function errorNamed(name: string, message = 'quotes a request'): Error {
  return Object.assign(new Error(message), { name });
}

test.each([
  ['CredentialsProviderError', 'there are no AWS credentials', /^Sign in first/],
  ['ExpiredTokenException', 'the AWS credentials are not valid or have expired', /^Sign in again/],
  ['InvalidClientTokenId', 'the AWS credentials are not valid or have expired', /^Sign in again/],
  ['AccessDenied', 'access denied', /^Required permissions: some:Permission\.$/],
  ['AuthorizationErrorException', 'access denied', /^Required permissions: some:Permission\.$/],
  ['AbortError', 'no response in time', /^Check the network/],
])('the error %s of the AWS SDK has a reason and a fix', (name, reason, fix) => {
  expect(causeOf(errorNamed(name), 'some:Permission')).toEqual({ reason, fix: expect.stringMatching(fix) });
});

test('another error is named by its code or its name, and its message is not shown', () => {
  expect(explain('It failed', errorNamed('InternalFailure'), '')).toBe('It failed: InternalFailure.');
  const refused = Object.assign(errorNamed('Error'), { code: 'ECONNREFUSED' });
  expect(explain('It failed', refused, '')).toBe('It failed: ECONNREFUSED.');
});
