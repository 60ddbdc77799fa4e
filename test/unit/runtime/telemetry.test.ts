import { expect, test } from '@jest/globals';
import { createTelemetry } from '../../../functions/runtime/telemetry.ts';
import { recordOutput } from '../../integration/recorded-output.ts';

test.each([
  ['secretUnreadable', 'ERROR', 'secret not readable'],
  ['secretRefreshFailed', 'WARN', 'secret refresh failed, using the cached value'],
  ['accessTokenUnavailable', 'ERROR', 'no access token for the client credentials'],
  ['accessTokenRenewalFailed', 'WARN', 'access token renewal failed, using the one that is still valid'],
  ['directoryUnavailable', 'ERROR', 'directory unavailable'],
  ['postponeFailed', 'WARN', 'failed to send a postponed request back to the outbox'],
] as const)('%s is logged as %s: %s', (method, level, message) => {
  const recording = recordOutput();
  createTelemetry('test')[method]('the reason');
  recording.stop();
  const [line = ''] = recording.printed().split('\n');
  expect(JSON.parse(line)).toMatchObject({ level, message, reason: 'the reason' });
});
