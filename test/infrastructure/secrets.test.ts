import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { readConfig as readFunctionConfig } from '../../functions/recover-user/config.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  propertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const ENDPOINT = 'RecoverUserFunction';

const template = recoveryTemplate();
const queued = recoveryTemplate({ delivery: 'queued' });

describe('the secret of the stack', () => {
  test('for the API token is empty until an operator stores one, and outlives the stack', () => {
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: {
          SecretStringTemplate: '{"API_TOKEN":""}',
          GenerateStringKey: 'UNUSED',
          ExcludePunctuation: true,
          PasswordLength: 64,
        },
      },
    });
  });

  test('is not created where an existing one has everything', () => {
    const existing = recoveryTemplate({ apiTokenSecretName: 'shared/api-token' });
    existing.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(existing.findOutputs('ApiTokenSecretArn'))).toContain(':secret:shared/api-token');
  });

  test('for a CAPTCHA is empty until an operator stores its key, and only the endpoint can read it', () => {
    for (const delivery of ['direct', 'queued']) {
      const withCaptcha = recoveryTemplate({ delivery, captcha: { provider: 'turnstile' } });
      withCaptcha.hasResourceProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"CAPTCHA_SECRET":""}' }),
      });
      expect(environmentOf(withCaptcha, ENDPOINT)).toMatchObject({
        CAPTCHA_SECRET_ID: { Ref: expect.stringMatching(/^CaptchaSecret/) },
      });
      expect(JSON.stringify(statementsOf(withCaptcha, ENDPOINT))).toContain('CaptchaSecret');
      expect(JSON.stringify(statementsOf(withCaptcha, 'DeliverOutboxFunction'))).not.toContain(
        'CaptchaSecret',
      );
      expect(Object.keys(withCaptcha.findOutputs('CaptchaSecretArn'))).toHaveLength(1);
    }
  });
});

describe('secrets with delivery "queued"', () => {
  test.each([
    ['a secret of our own', {}, 'ApiTokenSecret'],
    ['an existing secret', { apiTokenSecretName: 'shared/api-token' }, 'shared/api-token'],
  ])("the endpoint's role cannot read the API token, with %s", (_name, settings, tokenSecret) => {
    const statementsIn = (delivery: string) =>
      JSON.stringify(statementsOf(recoveryTemplate({ ...settings, delivery }), ENDPOINT));
    expect(statementsIn('direct')).toContain(tokenSecret);
    expect(statementsIn('queued')).not.toContain(tokenSecret);
  });

  test("the endpoint's only secret is the pseudonymization key, and no statement leaves the resource open", () => {
    const statements = statementsOf(queued, ENDPOINT);
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager'))).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      },
    ]);
    expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([
      expect.objectContaining({ Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] }),
    ]);
    expect(onlyPropertiesOf(queued, 'AWS::IAM::Role', `${ENDPOINT}Role`)).not.toHaveProperty(
      'ManagedPolicyArns',
    );
    // no other policy is attached to the role
    expect(
      propertiesOf(queued, 'AWS::IAM::Policy').filter(({ Roles }) =>
        JSON.stringify(Roles).includes(`${ENDPOINT}Role`),
      ),
    ).toHaveLength(1);
  });

  test('are in the environment of the endpoint', () => {
    expect(environmentOf(queued, ENDPOINT)).toMatchObject({
      DELIVERY: 'queued',
      API_TOKEN_SECRET_ID: '',
      PSEUDONYM_KEY_SECRET_ID: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
    });
    expect(readFunctionConfig(environmentAsDeployed(queued, ENDPOINT))).toMatchObject({
      forwarding: undefined,
      pseudonymKeySecretId: 'by-cloudformation',
      outboxQueueUrl: 'https://by-cloudformation',
    });
  });

  test('include a generated pseudonymization key, which outlives the stack as the audit log does', () => {
    const [key] = Object.values(queued.findResources('AWS::SecretsManager::Secret')).filter(
      ({ Properties }) => Properties.GenerateSecretString.SecretStringTemplate === undefined,
    );
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 } },
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 2);
  });
});
