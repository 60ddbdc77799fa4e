import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { configWith } from './config-with.ts';
import { EVERYTHING, newRecoveryStack, recoveryStack } from './synthesis.ts';

describe.each([
  ['AwsSolutions', AwsSolutionsChecks],
  ['Serverless', ServerlessChecks],
])('the %s rules of cdk-nag', (_name, Checks) => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['as committed', {}],
    ['with every setting', EVERYTHING],
    ['with delivery "queued"', { delivery: 'queued' }],
    ['with an existing secret', { apiTokenSecretName: 'shared/api-token' }],
    [
      'with the recovery page, in an account with a bootstrap of its own',
      { recoveryPage: true },
      { '@aws-cdk/core:bootstrapQualifier': 'mine' },
    ],
  ])('find nothing that is not acknowledged, %s', (_name, settings, context = {}) => {
    expect(new Checks().validateScope(recoveryStack(settings, { context })).violations).toEqual([]);
  });

  test('find something without the acknowledgements', () => {
    const stack = newRecoveryStack(configWith());
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
