import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import configuration from '../../cdk.json' with { type: 'json' };
import { readSettings, SettingsError } from '../../lib/settings.ts';

const VALID = {
  stage: 'production',
  region: 'us',
  allowedOrigins: [],
  throttleRequestsPerSecond: 10,
  throttleBurst: 20,
  logRetentionDays: 30,
};
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';

/** The lines of the error, or none when the settings are accepted. */
function problemsOf(context: Record<string, unknown>): string[] {
  try {
    readSettings(context);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split('\n');
  }
}

describe('deployment settings', () => {
  test('cdk.json has every setting that a deployment needs', () => {
    expect(problemsOf(configuration.context)).toEqual([]);
  });

  test('the region of the tenant decides on the API', () => {
    expect(readSettings(VALID).apiUrl).toBe('https://api.byndid.com');
    expect(readSettings({ ...VALID, region: 'eu' }).apiUrl).toBe('https://api-eu.byndid.com');
    expect(readSettings({ ...VALID, region: '', apiUrl: 'https://api.example.com/' }).apiUrl).toBe(
      'https://api.example.com',
    );
  });

  test('text from -c is as good as the types of cdk.json', () => {
    expect(
      readSettings({
        ...VALID,
        allowedOrigins: 'https://a.example.com, http://localhost:5173',
        throttleRequestsPerSecond: '7',
        throttleBurst: '9',
        logRetentionDays: '365',
        reservedConcurrency: '3',
        alarmEmail: '',
      }),
    ).toMatchObject({
      allowedOrigins: ['https://a.example.com', 'http://localhost:5173'],
      throttleRequestsPerSecond: 7,
      throttleBurst: 9,
      logRetentionDays: 365,
      reservedConcurrency: 3,
    });
    expect(readSettings({ ...VALID, allowedOrigins: '' }).allowedOrigins).toEqual([]);
  });

  test.each([
    ['stage', 'my stage', 'stage is "my stage"; it must be'],
    ['region', 'uk', 'region is "uk"; it must be "us" or "eu"'],
    ['region', '', 'region is not set; set it to "us" or "eu", or set apiUrl'],
    [
      'apiUrl',
      'https://api.example.com',
      'apiUrl is "https://api.example.com" and region is "us"; set only one',
    ],
    ['apiUrl', 'http://api.example.com', 'apiUrl is "http://api.example.com"; it must be an https URL'],
    ['apiUrl', 'https://api.example.com/v1', 'apiUrl is "https://api.example.com/v1"; it must be'],
    [
      'apiUrl',
      'https://user:word@api.example.com',
      'apiUrl is "https://user:word@api.example.com"; it must be',
    ],
    ['apiUrl', 'https://api.example.com?x', 'apiUrl is "https://api.example.com?x"; it must be'],
    ['apiUrl', 'nowhere', 'apiUrl is "nowhere"; it must be'],
    ['allowedOrigins', '*', 'allowedOrigins[0] is "*"; it must be an origin'],
    ['allowedOrigins', 'https://*.example.com', 'allowedOrigins[0] is "https://*.example.com"; it must be'],
    ['allowedOrigins', 'https://example.com/', 'allowedOrigins[0] is "https://example.com/"; it must be'],
    ['allowedOrigins', 'https://EXAMPLE.com', 'allowedOrigins[0] is "https://EXAMPLE.com"; it must be'],
    [
      'allowedOrigins',
      'https://a.example,https://b.example:443',
      'allowedOrigins[1] is "https://b.example:443"; it must be',
    ],
    ['allowedOrigins', 'http://example.com', 'allowedOrigins[0] is "http://example.com"; it must be'],
    ['allowedOrigins', ['null'], 'allowedOrigins[0] is "null"; it must be'],
    ['allowedOrigins', [1], 'allowedOrigins[0] is 1; it must be'],
    ['allowedOrigins', 1, 'allowedOrigins is 1; it must be a list of origins'],
    [
      'apiTokenSecretName',
      'arn:aws:secretsmanager:x',
      'apiTokenSecretName is "arn:aws:secretsmanager:x"; it must be a secret\'s name',
    ],
    ['alarmEmail', 'nobody', 'alarmEmail is "nobody"; it must be an e-mail address'],
    [
      'domainName',
      'recovery.example.com',
      'certificateArn is not set; the domainName "recovery.example.com" needs',
    ],
    ['domainName', 'https://example.com', 'domainName is "https://example.com"; it must be a domain name'],
    ['certificateArn', CERTIFICATE, `domainName is not set; the certificateArn "${CERTIFICATE}" needs`],
    ['certificateArn', 'abc', 'certificateArn is "abc"; it must be the ARN'],
    ['reservedConcurrency', '0', 'reservedConcurrency is 0; it must be a whole number from 1 to 1000'],
    ['throttleRequestsPerSecond', 1.5, 'throttleRequestsPerSecond is 1.5; it must be a whole number'],
    ['throttleBurst', 'many', 'throttleBurst is "many"; it must be a whole number'],
    [
      'logRetentionDays',
      31,
      'logRetentionDays is 31; it must be a number of days that CloudWatch offers: 1, 3,',
    ],
    ['logRetentionDays', 9999, 'logRetentionDays is 9999; it must be'],
    ['alowedOrigins', 'x', 'alowedOrigins is no setting; did you mean allowedOrigins?'],
    ['allowed-origins', 'x', 'allowed-origins is no setting; did you mean allowedOrigins?'],
    ['colour', 'blue', 'colour is no setting; there are: stage, region,'],
  ])('%s = %j is refused with a message that says what to do', (name, value, message) => {
    expect(problemsOf({ ...VALID, [name]: value })).toContainEqual(expect.stringContaining(message));
  });

  test('one error tells of every problem', () => {
    const problems = problemsOf({
      stag: 'x',
      apiUrl: 'http://x',
      domainName: 'a.example.com',
      throttleBurst: 'x',
    });
    for (const name of [
      'stage',
      'allowedOrigins',
      'apiUrl',
      'throttleRequestsPerSecond',
      'throttleBurst',
      'logRetentionDays',
      'stag',
      'certificateArn',
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${name} `)));
    }
  });

  test("what the CDK's own tools keep in the context is let through", () => {
    expect(problemsOf({ ...VALID, '@aws-cdk/core:x': true, 'aws:cdk:y': 1, 'cli-telemetry': false })).toEqual(
      [],
    );
  });

  test('a domain needs a certificate and a certificate a domain', () => {
    expect(
      readSettings({ ...VALID, domainName: 'a.example.com', certificateArn: CERTIFICATE }).customDomain,
    ).toEqual({
      domainName: 'a.example.com',
      certificateArn: CERTIFICATE,
    });
  });

  test('whatever the context holds, settings come out or a SettingsError that names what is wrong', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.webUrl(),
    );
    const keys = [
      ...Object.keys(VALID),
      'apiUrl',
      'alarmEmail',
      'domainName',
      'certificateArn',
      'reservedConcurrency',
    ];
    const context = fc.dictionary(fc.constantFrom(...keys), value);
    fc.assert(
      fc.property(context, (changes) => expect(problemsOf({ ...VALID, ...changes })).not.toContain('')),
    );
  });

  test('an accepted origin is exactly what a browser sends', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.webUrl().map((url) => new URL(url).origin),
          fc.string(),
        ),
        (origin) => {
          const isAccepted = problemsOf({ ...VALID, allowedOrigins: [origin] }).length === 0;
          const isCanonical =
            URL.canParse(origin) && new URL(origin).origin === origin && origin.startsWith('https:');
          if (isAccepted) expect(isCanonical).toBe(true);
          else if (isCanonical) expect(origin).toMatch(/[*,'"]/);
        },
      ),
    );
  });

  test('a name that is one slip off is recognised', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(VALID)), fc.nat(), (name, position) => {
        const at = position % name.length;
        const slip = name.slice(0, at) + name.slice(at + 1);
        expect(problemsOf({ ...VALID, [slip]: 1 })).toContain(`${slip} is no setting; did you mean ${name}?`);
      }),
    );
  });
});
