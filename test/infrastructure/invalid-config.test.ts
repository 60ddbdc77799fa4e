import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../lib/config/config.ts';
import { problemsOf } from './config-with.ts';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';

describe('an invalid configuration', () => {
  test.each([
    ['allowedOrigins', ['*'], 'allowedOrigins[0] is "*"; it must be an origin'],
    ['allowedOrigins', ['https://*.example.com'], 'allowedOrigins[0] is "https://*.example.com"; it must be'],
    ['allowedOrigins', ['https://example.com/'], 'allowedOrigins[0] is "https://example.com/"; it must be'],
    ['allowedOrigins', ['https://EXAMPLE.com'], 'allowedOrigins[0] is "https://EXAMPLE.com"; it must be'],
    [
      'allowedOrigins',
      ['https://a.example', 'https://b.example:443'],
      'allowedOrigins[1] is "https://b.example:443"; it must be',
    ],
    ['allowedOrigins', ['http://example.com'], 'allowedOrigins[0] is "http://example.com"; it must be'],
    ['allowedOrigins', ['null'], 'allowedOrigins[0] is "null"; it must be'],
    ['allowedOrigins', [1], 'allowedOrigins[0] is 1; it must be'],
    ['allowedOrigins', 1, 'allowedOrigins is 1; it must be a list of origins'],
    [
      'apiTokenSecretName',
      'arn:aws:secretsmanager:x',
      'apiTokenSecretName is "arn:aws:secretsmanager:x"; it must be a secret\'s name',
    ],
    [
      'webAcl',
      'no',
      'webAcl is "no"; it must be "default" (the stack makes one), "none", or the ARN of a regional web ACL',
    ],
    ['webAcl', null, 'webAcl is null; it must be "default"'],
    [
      'encryptionKey',
      'alias/mine',
      'encryptionKey is "alias/mine"; it must be "create" (the stack makes a KMS key), or the ARN',
    ],
    ['alarmEmail', 'nobody', 'alarmEmail is "nobody"; it must be an email address'],
    [
      'domainName',
      'recovery.example.com',
      'certificateArn is not set; the domainName "recovery.example.com" needs',
    ],
    [
      'domainName',
      'https://example.com',
      'domainName is "https://example.com"; it must be a lowercase domain name',
    ],
    ['certificateArn', CERTIFICATE, `domainName is not set; the certificateArn "${CERTIFICATE}" needs`],
    ['certificateArn', 'abc', 'certificateArn is "abc"; it must be the ARN'],
    ['reservedConcurrency', 0, 'reservedConcurrency is 0; it must be a whole number from 1 to 1000'],
    ['throttleRequestsPerSecond', 1.5, 'throttleRequestsPerSecond is 1.5; it must be a whole number'],
    ['throttleBurst', 'many', 'throttleBurst is "many"; it must be a whole number'],
    [
      'logRetentionDays',
      31,
      'logRetentionDays is 31; it must be a number of days that CloudWatch offers: 1, 3,',
    ],
    ['logRetentionDays', 9999, 'logRetentionDays is 9999; it must be'],
    ['auditRetentionDays', 0, 'auditRetentionDays is 0; it must be a number of days that CloudWatch offers'],
    [
      'responseTimeMs',
      499,
      'responseTimeMs is 499; it must be 0 (off) or a whole number of milliseconds from 500',
    ],
    ['responseTimeMs', 10001, 'responseTimeMs is 10001; it must be 0 (off) or a whole number'],
    ['responseTimeMs', 'fast', 'responseTimeMs is "fast"; it must be 0 (off)'],
    ['mailboxCooldownSeconds', -1, 'mailboxCooldownSeconds is -1; it must be a whole number from 0 to 3600'],
    ['mailboxAttemptsPerDay', 0, 'mailboxAttemptsPerDay is 0; it must be a whole number from 1 to 20'],
    ['mailboxAttemptsPerDay', 21, 'mailboxAttemptsPerDay is 21; it must be a whole number from 1 to 20'],
    [
      'delivery',
      'later',
      'delivery is "later"; it must be "direct" (to the outbox only if forwarding fails) or "queued"',
    ],
    ['delivery', undefined, 'delivery is not set; it must be "direct"'],
    ['deliveryConcurrency', 1, 'deliveryConcurrency is 1; it must be a whole number from 2 to 100'],
    ['deliveryConcurrency', 101, 'deliveryConcurrency is 101; it must be a whole number from 2 to 100'],
    [
      'outboxMaximumAgeSeconds',
      59,
      'outboxMaximumAgeSeconds is 59; it must be a whole number from 60 to 43200',
    ],
    [
      'outboxMaximumAgeSeconds',
      43_201,
      'outboxMaximumAgeSeconds is 43201; it must be a whole number from 60 to 43200',
    ],
    ['requestsPerClientIp', 9, 'requestsPerClientIp is 9; it must be a whole number from 10 to 5000'],
    [
      'captcha',
      'turnstile',
      'captcha is "turnstile"; it must be an object such as {"provider": "turnstile"}',
    ],
    ['captcha', true, 'captcha is true; it must be an object'],
    ['captcha', [], 'captcha is []; it must be an object'],
    ['captcha', {}, 'captcha.provider is not set; it must be "turnstile", "hcaptcha" or "recaptcha"'],
    ['captcha', { provider: 'captcha' }, 'captcha.provider is "captcha"; it must be'],
    [
      'captcha',
      { provider: 'turnstile', failureMode: 'ask' },
      'captcha.failureMode is "ask"; it must be "closed" (requests are rejected) or "open"',
    ],
    [
      'captcha',
      { provider: 'turnstile', secret: 'x' },
      'captcha has unknown key secret; allowed keys: provider, failureMode, minimumScore, siteKey',
    ],
    [
      'captcha',
      { provider: 'recaptcha', minimumScore: 1.1 },
      'captcha.minimumScore is 1.1; it must be a number from 0 to 1',
    ],
    ['captcha', { provider: 'recaptcha', minimumScore: 1e-7 }, 'captcha.minimumScore is 1e-7; it must be'],
    [
      'captcha',
      { provider: 'hcaptcha', minimumScore: 0.5 },
      'captcha.minimumScore is 0.5, but hcaptcha gives no scores; leave it out, or set provider to "recaptcha"',
    ],
    [
      'captcha',
      { provider: 'turnstile', siteKey: 'a key' },
      'captcha.siteKey is "a key"; it must be the public site key that the provider gave you',
    ],
    [
      'captcha',
      { provider: 'turnstile', siteKey: 'the-site-key' },
      'captcha.siteKey is "the-site-key", but only the recovery page of the stack reads it; leave it out, or set recoveryPage to true',
    ],
    [
      'recoveryPage',
      'yes',
      'recoveryPage is "yes"; it must be true (the stack hosts the recovery page) or false',
    ],
    ['recoveryPage', 1, 'recoveryPage is 1; it must be true'],
    ['recoveryPage', undefined, 'recoveryPage is not set; it must be true'],
    [
      'recoveryPage',
      { signInURL: 'https://app.example.com' },
      'recoveryPage has unknown key signInURL; allowed keys: signInUrl, supportUrl',
    ],
    [
      'recoveryPage',
      { signInUrl: 'http://app.example.com' },
      'recoveryPage.signInUrl is "http://app.example.com"; it must be an https URL without credentials',
    ],
    [
      'recoveryPage',
      { supportUrl: 'javascript:alert(1)' },
      'recoveryPage.supportUrl is "javascript:alert(1)"; it must be an https URL without credentials, or a mailto: or tel: URL',
    ],
    [
      'canary',
      undefined,
      'canary is not set; it must be an object such as {"percent": 10, "minutes": 5}, or null',
    ],
    ['canary', 'off', 'canary is "off"; it must be an object such as {"percent": 10, "minutes": 5}'],
    ['canary', { percent: 0, minutes: 5 }, 'canary.percent is 0; it must be a whole number from 1 to 99'],
    ['canary', { percent: 10, minutes: 21 }, 'canary.minutes is 21; it must be a whole number from 1 to 20'],
    ['canary', { percent: 10 }, 'canary.minutes is not set; it must be a whole number from 1 to 20'],
    [
      'canary',
      { percent: 10, minutes: 5, steps: 2 },
      'canary has unknown key steps; allowed keys: percent, minutes',
    ],
    [
      'throttleBurst',
      99,
      'throttleBurst is 99, but one client IP may send requestsPerClientIp 100 at once; raise it to 100 or more',
    ],
    [
      'throttleRequestsPerSecond',
      43,
      'throttleRequestsPerSecond is 43, so that one client IP with requestsPerClientIp 100 could use up the stage before the web ACL cuts it off; raise it to 44 or more, or lower requestsPerClientIp',
    ],
    [
      'reservedConcurrency',
      299,
      'reservedConcurrency is 299, but up to 300 requests are in flight at once (throttleBurst and throttleRequestsPerSecond for the response time); raise it to 300 or more, or lower',
    ],
    ['alowedOrigins', 'x', 'alowedOrigins: unknown setting; did you mean allowedOrigins?'],
    ['allowed-origins', 'x', 'allowed-origins: unknown setting; did you mean allowedOrigins?'],
    ['color', 'blue', 'color: unknown setting; the settings are: beyondIdentity, directory,'],
  ])('%s = %j is rejected with a message that says what to do', (name, value, message) => {
    expect(problemsOf({ [name]: value })).toContainEqual(expect.stringContaining(message));
  });

  test('is rejected with every problem at once', () => {
    const contents = {
      alowedOrigins: 'x',
      beyondIdentity: { platform: 'v0', apiUrl: 'http://x' },
      domainName: 'a.example.com',
      throttleBurst: 'x',
    };
    for (const name of [
      'allowedOrigins ',
      'beyondIdentity.apiUrl ',
      'throttleRequestsPerSecond ',
      'throttleBurst ',
      'logRetentionDays ',
      'alowedOrigins: ',
      'certificateArn ',
    ]) {
      expect(() => readConfig('production', contents)).toThrow(new RegExp(`^${name}`, 'm'));
    }
  });
});
