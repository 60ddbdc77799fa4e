import { expect, test } from '@jest/globals';
import { outcomeOfFailure } from '../../../web/complete-recovery/recovery-link.ts';

test.each([
  [Object.assign(new Error('x'), { reason: 'expired' }), 'expired'],
  [Object.assign(new Error('x'), { reason: 'used' }), 'used'],
  [{ reason: 'malformed' }, 'malformed'],
  [{ reason: 'invalid' }, 'invalid'],
  [{ reason: 'offline' }, 'offline'],
  [{ reason: 'no-authenticator' }, 'no-authenticator'],
  [new DOMException('dismissed', 'NotAllowedError'), 'cancelled'],
  [new DOMException('aborted', 'AbortError'), 'cancelled'],
  [new DOMException('no authenticator', 'NotSupportedError'), 'no-authenticator'],
  [new DOMException('no user verification', 'ConstraintError'), 'no-authenticator'],
  [Object.assign(new Error('x'), { reason: 'asking' }), 'failed'],
  [new TypeError('Failed to fetch'), 'failed'],
  ['expired', 'failed'],
  [null, 'failed'],
  [undefined, 'failed'],
])('a callback that rejects with %p leads to the state %s', (error, outcome) => {
  expect(outcomeOfFailure(error)).toBe(outcome);
});
