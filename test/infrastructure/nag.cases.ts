import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { recoveryStack } from './synthesis.ts';

const EVERYTHING = {
  allowedOrigins: ['https://www.example.com', 'https://app.example.com'],
  alarmEmail: 'on-call@example.com',
  domainName: 'recovery.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1',
  reservedConcurrency: 300,
  recoveryPage: true,
  captcha: { provider: 'hcaptcha', siteKey: '10000000-ffff-ffff-ffff-000000000001' },
};

describe.each([
  ['AwsSolutions', AwsSolutionsChecks],
  ['Serverless', ServerlessChecks],
])('the %s rules of cdk-nag', (_name, Checks) => {
  test.each([
    ['as committed for production', {}],
    ['with every setting', EVERYTHING],
    ['with every request going through the outbox', { delivery: 'queued' }],
    ['with an existing secret', { apiTokenSecretName: 'shared/api-token' }],
    [
      'with the recovery page, in an account with a bootstrap of its own',
      { recoveryPage: true },
      { '@aws-cdk/core:bootstrapQualifier': 'mine' },
    ],
  ])(
    'find nothing that is not explained, %s',
    (_settings, settings, context: Record<string, unknown> = {}) => {
      expect(new Checks().validateScope(recoveryStack(settings, 'production', context)).violations).toEqual(
        [],
      );
    },
  );

  test('do look: without the explanations they find something', () => {
    const stack = recoveryStack();
    for (const construct of stack.node.findAll()) {
      for (const { data } of construct.node.metadata) {
        if (isRecord(data)) for (const rule of Object.keys(data)) delete data[rule];
      }
    }
    expect(new Checks().validateScope(stack).violations).not.toEqual([]);
  });
});

test('every finding that is acknowledged has a reason', () => {
  const reasons = recoveryStack(EVERYTHING)
    .node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values<unknown>(data));
  expect(reasons.length).toBeGreaterThan(5);
  for (const reason of reasons) expect(reason).toEqual(expect.stringMatching(/^.{40,}$/));
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
