import { describe, expect, test } from '@jest/globals';
import production from '../../config/production.json' with { type: 'json' };
import staging from '../../config/staging.json' with { type: 'json' };
import { urlsOf } from '../../lib/config/beyond-identity-schema.ts';
import { readConfig } from '../../lib/config/config.ts';
import { SETTING_NAMES } from '../../lib/config/config-schema.ts';
import { widgetOf } from '../../lib/site/captcha-widget.ts';
import { configWith, problemsOf } from './config-with.ts';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';

const V1 = { platform: 'v1', tenantId: 't', realmId: 'r', authenticatorConfigId: 'a' };
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:find-user';

describe('the configuration of a deployment', () => {
  test.each([
    ['production', production],
    ['staging', staging],
  ])('is valid as committed for %s, and has every setting', (stage, file) => {
    expect(readConfig(stage, file)).toMatchObject({ stage });
    expect(
      Object.keys(file)
        .filter((name) => name !== '$schema')
        .sort(),
    ).toEqual([...SETTING_NAMES].sort());
  });

  test.each([
    [{ platform: 'v0', region: 'us' }, { apiUrl: 'https://api.byndid.com' }],
    [{ platform: 'v0', region: 'eu' }, { apiUrl: 'https://api-eu.byndid.com' }],
    [{ platform: 'v0', apiUrl: 'https://api.example.com/' }, { apiUrl: 'https://api.example.com' }],
    [
      { ...V1, region: 'us' },
      { apiUrl: 'https://api-us.beyondidentity.com', authUrl: 'https://auth-us.beyondidentity.com' },
    ],
    [
      { ...V1, region: 'eu' },
      { apiUrl: 'https://api-eu.beyondidentity.com', authUrl: 'https://auth-eu.beyondidentity.com' },
    ],
    [
      { ...V1, region: 'us-gov' },
      {
        apiUrl: 'https://api.us1.beyondidentity-gov.com',
        authUrl: 'https://auth.us1.beyondidentity-gov.com',
      },
    ],
  ])('calls the servers of the region of the tenant: %j', (beyondIdentity, urls) => {
    expect(urlsOf(configWith({ beyondIdentity }).beyondIdentity)).toEqual(urls);
  });

  test.each([
    { type: 'email' },
    { type: 'dynamodb', tableName: 'users', addressAttribute: 'email', referenceAttribute: 'id' },
    {
      type: 'dynamodb',
      tableName: 'arn:aws:dynamodb:eu-west-1:123456789012:table/users',
      indexName: 'by-email',
      addressAttribute: 'email',
      referenceAttribute: 'id',
    },
    { type: 'lambda', functionArn: FUNCTION_ARN },
    { type: 'lambda', functionArn: `${FUNCTION_ARN}:live` },
  ])('finds users in the directory %j', (directory) => {
    expect(configWith({ directory }).directory).toEqual(directory);
  });

  test('has no CAPTCHA by default, and one that fails closed', () => {
    expect(configWith().captcha).toBeUndefined();
    expect(configWith({ captcha: null }).captcha).toBeUndefined();
    expect(configWith({ captcha: { provider: 'turnstile' } }).captcha).toEqual({
      provider: 'turnstile',
      failureMode: 'closed',
    });
  });

  test('has no recovery page unless recoveryPage is true', () => {
    expect(configWith().recoveryPage).toBe(false);
    expect(configWith({ recoveryPage: true }).recoveryPage).toBe(true);
  });

  test('has a recovery page with links', () => {
    const links = { signInUrl: 'https://app.example.com/sign-in', supportUrl: 'mailto:help@example.com' };
    expect(configWith({ recoveryPage: links }).recoveryPage).toEqual(links);
    expect(configWith({ recoveryPage: {} }).recoveryPage).toEqual({});
  });

  test('has the widget of the CAPTCHA on the recovery page, and requires the site key for it', () => {
    const widgetFor = (captcha: Record<string, unknown>) =>
      widgetOf(configWith({ recoveryPage: true, captcha: { siteKey: 'the-site-key', ...captcha } }).captcha)
        ?.provider;
    expect(widgetFor({ provider: 'turnstile' })).toBe('turnstile');
    expect(widgetFor({ provider: 'hcaptcha' })).toBe('hcaptcha');
    expect(widgetFor({ provider: 'recaptcha' })).toBe('recaptcha');
    expect(widgetFor({ provider: 'recaptcha', minimumScore: 0 })).toBe('recaptcha-v3');
    expect(problemsOf({ recoveryPage: true, captcha: { provider: 'hcaptcha' } })).toEqual([
      'captcha.siteKey is not set, but recoveryPage is true, and the page cannot show hcaptcha without it; set it to the public site key that the provider gave you, or set recoveryPage to false',
    ]);
    expect(problemsOf({ recoveryPage: {}, captcha: { provider: 'hcaptcha' } })).toEqual([
      expect.stringContaining(
        'captcha.siteKey is not set, but the stack hosts the recovery page (recoveryPage), and the page cannot show hcaptcha without it;',
      ),
    ]);
  });

  test('may require a CAPTCHA with both ways of delivery', () => {
    const captcha = { provider: 'turnstile' };
    expect(problemsOf({ captcha })).toEqual([]);
    expect(problemsOf({ delivery: 'queued', captcha })).toEqual([]);
  });

  test('needs the more instances, the longer the response time is', () => {
    const reserved = { reservedConcurrency: 250 };
    expect(problemsOf({ ...reserved, responseTimeMs: 1000 })).toEqual([]);
    expect(problemsOf({ ...reserved, responseTimeMs: 0 })).toEqual([]);
    expect(problemsOf({ ...reserved, responseTimeMs: 2000, delivery: 'queued' })).toEqual([]);
    expect(problemsOf({ ...reserved, responseTimeMs: 2000 })).toEqual([
      expect.stringContaining('reservedConcurrency is 250, but up to 300 requests'),
    ]);
  });

  test('has a custom domain together with its certificate', () => {
    expect(configWith({ domainName: 'a.example.com', certificateArn: CERTIFICATE })).toMatchObject({
      domainName: 'a.example.com',
      certificateArn: CERTIFICATE,
    });
  });
});
