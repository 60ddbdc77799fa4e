import { beforeEach, expect, test } from '@jest/globals';
import { createSingleUseTokens } from '../../../local/tenant/single-use-tokens.ts';

let time: number;
beforeEach(() => {
  time = 0;
});

const options = { lifetimeMs: 10, now: () => time };

test('an expired token stays expired', () => {
  const tokens = createSingleUseTokens<string>(options);
  const { token } = tokens.issue('jane');
  time = 10;
  tokens.issue('john');
  expect(tokens.consume(token)).toEqual({ reason: 'expired' });
});

test('drops expired tokens with the next one issued when forgetsExpired is set', () => {
  const tokens = createSingleUseTokens<string>({ ...options, forgetsExpired: true });
  const { token } = tokens.issue('jane');
  time = 9;
  const { token: later } = tokens.issue('john');
  time = 10;
  expect(tokens.consult(token)).toEqual({ reason: 'expired' });
  tokens.issue('sam');
  expect(tokens.consult(token)).toEqual({ reason: 'malformed' });
  expect(tokens.consume(later)).toEqual({ subject: 'john' });
});

test('expireAll returns whether a token was still valid', () => {
  const tokens = createSingleUseTokens<string>(options);
  expect(tokens.expireAll()).toBe(false);
  tokens.consume(tokens.issue('jane').token);
  expect(tokens.expireAll()).toBe(false);
  tokens.issue('john');
  expect(tokens.expireAll()).toBe(true);
  expect(tokens.expireAll()).toBe(false);
});
