import { describe, expect, test } from '@jest/globals';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { concurrencyNeeded } from '../../lib/config/lambda-concurrency.ts';
import { configWith, problemsOf } from './config-with.ts';
import { recoveryStack } from './synthesis.ts';

const neededBy = (changes: Record<string, unknown>) => concurrencyNeeded(configWith(changes));

describe('the Lambda concurrency that a configuration needs', () => {
  test.each([
    ['the committed configuration', {}, { endpoint: 300, delivery: 2, account: 302 }],
    ['a shorter response time', { responseTimeMs: 500 }, { endpoint: 225, delivery: 2, account: 227 }],
    [
      'no constant response time: a second is assumed',
      { responseTimeMs: 0 },
      { endpoint: 250, delivery: 2, account: 252 },
    ],
    [
      'requests that go straight to the outbox: a second is assumed',
      { delivery: 'queued', deliveryConcurrency: 10 },
      { endpoint: 250, delivery: 10, account: 260 },
    ],
    [
      'a reservation, beside which Lambda keeps 100 instances',
      { reservedConcurrency: 320 },
      { endpoint: 300, delivery: 2, account: 420 },
    ],
    [
      'the lowest limits',
      { requestsPerClientIp: 10, throttleBurst: 10, throttleRequestsPerSecond: 5, responseTimeMs: 500 },
      { endpoint: 13, delivery: 2, account: 15 },
    ],
  ])('is computed for %s', (_name, changes, needed) => {
    expect(neededBy(changes)).toEqual(needed);
  });

  test('is accepted as accountConcurrency, and one instance less is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 2000 }),
        fc.integer({ min: 50, max: 2000 }),
        fc.constantFrom(0, 500, 1999, 10_000),
        fc.constantFrom('direct', 'queued'),
        fc.integer({ min: 2, max: 100 }),
        (throttleBurst, throttleRequestsPerSecond, responseTimeMs, delivery, deliveryConcurrency) => {
          const changes = {
            throttleBurst,
            throttleRequestsPerSecond,
            responseTimeMs,
            delivery,
            deliveryConcurrency,
          };
          const { account } = neededBy(changes);
          expect(problemsOf({ ...changes, accountConcurrency: account })).toEqual([]);
          expect(problemsOf({ ...changes, accountConcurrency: account - 1 })).toEqual([
            expect.stringMatching(
              `^accountConcurrency is ${account - 1}, but .* needs ${account}: .* quota of ${account} or more`,
            ),
          ]);
        },
      ),
    );
  });
});

describe('accountConcurrency', () => {
  test.each([
    [9, 'accountConcurrency is 9; it must be a whole number from 10 to 100000'],
    [100_001, 'accountConcurrency is 100001; it must be a whole number from 10 to 100000'],
    ['many', 'accountConcurrency is "many"; it must be a whole number from 10 to 100000'],
  ])('is rejected as %s', (accountConcurrency, message) => {
    expect(problemsOf({ accountConcurrency })).toEqual([message]);
  });

  test('may be absent', () => {
    expect(problemsOf({ accountConcurrency: null })).toEqual([]);
    expect(problemsOf({ accountConcurrency: 1000 })).toEqual([]);
  });

  test('that does not suffice fails synthesis with the numbers and the fix', () => {
    expect(problemsOf({ accountConcurrency: 10 })).toEqual([
      'accountConcurrency is 10, but this configuration needs 302: throttleBurst 200 + throttleRequestsPerSecond 50 x 2 s for the endpoint, and deliveryConcurrency 2; request a quota of 302 or more and set accountConcurrency to it, or lower throttleBurst and throttleRequestsPerSecond (both have to leave room for requestsPerClientIp), lower responseTimeMs, or set delivery to "queued"',
    ]);
  });

  test('names the reservation where that is what does not fit', () => {
    expect(problemsOf({ accountConcurrency: 399, reservedConcurrency: 300 })).toEqual([
      'accountConcurrency is 399, but this configuration needs 400: reservedConcurrency 300, and 100 that Lambda keeps for functions without a reservation; request a quota of 400 or more and set accountConcurrency to it, or lower reservedConcurrency or leave it out',
    ]);
    expect(problemsOf({ accountConcurrency: 400, reservedConcurrency: 300 })).toEqual([]);
  });

  test.each([
    [{ responseTimeMs: 500 }, 'throttleRequestsPerSecond 50 x 0.5 s', /requestsPerClientIp\)$/],
    [
      { responseTimeMs: 1000 },
      'throttleRequestsPerSecond 50 x 1 s',
      /requestsPerClientIp\), or lower responseTimeMs$/,
    ],
    [{ responseTimeMs: 0 }, 'throttleRequestsPerSecond 50 x 1 s (assumed)', /requestsPerClientIp\)$/],
    [{ delivery: 'queued' }, 'throttleRequestsPerSecond 50 x 1 s (assumed)', /requestsPerClientIp\)$/],
  ])('suggests only what helps, with %j', (changes, sum, end) => {
    const [problem] = problemsOf({ ...changes, accountConcurrency: 10 });
    expect(problem).toContain(sum);
    expect(problem).toMatch(end);
  });
});

describe('what synthesis says about Lambda concurrency', () => {
  test('is how much is needed, how to look up the quota, what happens below it, and what to do', () => {
    const annotations = Annotations.fromStack(recoveryStack());
    for (const part of [
      /needs a Lambda concurrency quota of 302 or more \(throttleBurst 200 \+ /,
      /aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 .*Value\n/,
      /Lambda throttles .* 5xx, .* alarm FunctionThrottles/,
      /request a quota of 302 or more, or lower throttleBurst and throttleRequestsPerSecond /,
      /set delivery to "queued"\.\n +Set accountConcurrency to the quota/,
      /\[ack: user-recovery:lambda-concurrency\]$/,
    ]) {
      annotations.hasInfo('/RecoveryStack/Default', Match.stringLikeRegexp(part.source));
    }
    annotations.hasNoWarning('*', Match.anyValue());
    annotations.hasNoError('*', Match.anyValue());
  });

  test('is nothing where accountConcurrency is set, and suffices', () => {
    Annotations.fromStack(recoveryStack({ accountConcurrency: 302 })).hasNoInfo('*', Match.anyValue());
  });
});
