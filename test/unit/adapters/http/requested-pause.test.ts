import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestedPauseMs } from '../../../../functions/adapters/http/requested-pause.ts';

const retryAfterMs = (header: string | undefined) => requestedPauseMs(503, { 'retry-after': header });

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['3', 3000],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026-11-22', undefined],
    ['Sun, 99 Abc 2026 10:00:00 GMT', undefined],
    ['99999999999999', undefined],
  ])('of %j is %j ms', (header, expected) => expect(retryAfterMs(header)).toBe(expected));

  test('that is a date is the time until then, and nothing when that has passed', () => {
    expect(retryAfterMs(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(55_000);
    expect(retryAfterMs(new Date(Date.now() - 60_000).toUTCString())).toBe(0);
  });

  test('is a whole number of seconds for every number of up to nine digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (seconds) => {
        expect(retryAfterMs(`${seconds}`)).toBe(seconds * 1000);
      }),
    );
  });

  test('is ignored for any other value', () => {
    const noNumber = fc.string().filter((text) => !/^\d{1,9}$/.test(text));
    fc.assert(fc.property(noNumber, (header) => expect(retryAfterMs(header)).toBeUndefined()));
  });
});

describe('RateLimit-Reset', () => {
  test('counts with a 429, as a whole number of seconds', () => {
    expect(requestedPauseMs(429, { 'ratelimit-reset': '7' })).toBe(7000);
    expect(requestedPauseMs(503, { 'ratelimit-reset': '7' })).toBeUndefined();
    expect(requestedPauseMs(429, { 'ratelimit-reset': 'soon' })).toBeUndefined();
    expect(requestedPauseMs(429, { 'ratelimit-reset': ['7', '8'] })).toBeUndefined();
  });

  test('does not shorten a Retry-After, nor the other way round', () => {
    expect(requestedPauseMs(429, { 'ratelimit-reset': '7', 'retry-after': '9' })).toBe(9000);
    expect(requestedPauseMs(429, { 'ratelimit-reset': '9', 'retry-after': '7' })).toBe(9000);
    expect(requestedPauseMs(429, { 'ratelimit-reset': '9' })).toBe(9000);
  });
});
