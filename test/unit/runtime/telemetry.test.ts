import { describe, expect, test } from '@jest/globals';
import type { DeliveryOutcome, RequestOutcome } from '../../../functions/core/outcomes.ts';
import { problemFor } from '../../../functions/recover-user/http/problem-responses.ts';
import { DELIVERY_METRICS, OUTCOME_METRICS } from '../../../functions/runtime/metric-names.ts';
import { createTelemetry, type Telemetry } from '../../../functions/runtime/telemetry.ts';
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

/** What is counted by version while something is reported. */
function countedByVersion(report: (telemetry: Telemetry) => void, version?: string): unknown[] {
  const recording = recordOutput();
  report(createTelemetry('test', version));
  recording.stop();
  return recording
    .printed()
    .split('\n')
    .filter((line) => line.includes('"version"'))
    .map((line) => {
      const { _aws, ...values }: Record<string, unknown> = JSON.parse(line);
      return values;
    });
}

/** The names of a record, with the type that they have in it. */
const namesOf = <Name extends string>(record: Readonly<Record<Name, unknown>>) =>
  Object.keys(record).filter((name): name is Name => name in record);

describe('what a release goes by is counted by version:', () => {
  const line = { service: 'recover-user', stage: 'test', version: '7' };

  test.each(namesOf<RequestOutcome>(OUTCOME_METRICS))(
    'a request that is %s, if its response is a 5xx',
    (outcome) => {
      const status =
        outcome === 'failed' ? 500 : outcome === 'refused' ? 400 : (problemFor(outcome, 30)?.status ?? 202);
      expect(countedByVersion((telemetry) => telemetry.request('an-id', outcome), '7')).toEqual(
        status >= 500 ? [{ ...line, VersionErrorResponses: 1 }] : [],
      );
    },
  );

  test.each(namesOf<DeliveryOutcome>(DELIVERY_METRICS))(
    'a delivery that is %s, if that is its own fault',
    (outcome) => {
      expect(countedByVersion((telemetry) => telemetry.delivery(outcome), '7')).toEqual(
        ['failed', 'malformed'].includes(outcome) ? [{ ...line, VersionDeliveryFailures: 1 }] : [],
      );
    },
  );

  test('nothing where the function has no version', () => {
    expect(countedByVersion((telemetry) => telemetry.request('an-id', 'failed'))).toEqual([]);
  });
});
