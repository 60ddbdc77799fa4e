import { describe, expect, test } from '@jest/globals';
import { readDeliveryConfig } from '../../functions/deliver-outbox/config.ts';
import { readConfig } from '../../functions/recover-user/config.ts';
import { withSelfTest } from '../../functions/runtime/self-test.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:find-user';
const TABLE = { tableName: 'users', addressAttribute: 'email', referenceAttribute: 'id' };
const V1 = {
  platform: 'v1',
  region: 'eu',
  tenantId: 'tenant',
  realmId: 'realm',
  authenticatorConfigId: 'config',
  applicationId: 'application',
  applicationRealmId: 'admin-realm',
  postBindingRedirectUri: 'https://app.example.com/sign-in',
};
const FUNCTIONS = ['RecoverUserFunction', 'DeliverOutboxFunction'];

const v1 = recoveryTemplate({
  beyondIdentity: V1,
  directory: { type: 'dynamodb', ...TABLE, reference: 'identity-id' },
});

/** The statements about the directory: those about resources that are not in the template. */
function directoryStatements(directory: object, functionId: string) {
  return statementsOf(recoveryTemplate({ directory }), functionId).filter(({ Action }) =>
    /^(dynamodb:(GetItem|Query)|lambda:)/.test(String(Action)),
  );
}

describe('a deployment for a v1 tenant', () => {
  test('has the functions call the tenant that the configuration names', () => {
    const expected = {
      platform: 'v1',
      apiUrl: new URL('https://api-eu.beyondidentity.com'),
      tenantId: 'tenant',
      realmId: 'realm',
      authenticatorConfigId: 'config',
      postBindingRedirectUri: 'https://app.example.com/sign-in',
      references: 'identity-id',
      application: {
        authUrl: new URL('https://auth-eu.beyondidentity.com'),
        applicationId: 'application',
        applicationRealmId: 'admin-realm',
      },
    };
    const endpoint = readConfig(environmentAsDeployed(v1, 'RecoverUserFunction'));
    expect(endpoint.forwarding?.beyondIdentity).toMatchObject(expected);
    expect(readDeliveryConfig(environmentAsDeployed(v1, 'DeliverOutboxFunction'))).toMatchObject({
      beyondIdentity: expected,
      directory: { type: 'dynamodb', ...TABLE },
    });
  });

  test('has no authorization server with a console token', () => {
    const { applicationId, applicationRealmId, ...beyondIdentity } = V1;
    const template = recoveryTemplate({ beyondIdentity });
    expect(environmentOf(template, 'RecoverUserFunction')['BEYOND_IDENTITY_AUTH_URL']).toBe('');
    expect(readConfig(environmentAsDeployed(template, 'RecoverUserFunction'))).toMatchObject({
      forwarding: { beyondIdentity: { platform: 'v1' } },
    });
  });

  test('gives the endpoint no variable of the tenant where requests go straight to the outbox', () => {
    const template = recoveryTemplate({ beyondIdentity: V1, delivery: 'queued' });
    expect(environmentOf(template, 'RecoverUserFunction')).not.toHaveProperty('BEYOND_IDENTITY_TENANT_ID');
    expect(environmentOf(template, 'DeliverOutboxFunction')).toHaveProperty('BEYOND_IDENTITY_TENANT_ID');
  });
});

describe.each(FUNCTIONS)('the directory of %s', (functionId) => {
  test('needs no permission where it is the email address', () => {
    expect(directoryStatements({ type: 'email' }, functionId)).toEqual([]);
  });

  test('needs GetItem on the table, and nothing else', () => {
    expect(directoryStatements({ type: 'dynamodb', ...TABLE }, functionId)).toEqual([
      {
        Effect: 'Allow',
        Action: 'dynamodb:GetItem',
        Resource: { 'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:table\/users$/)])] },
      },
    ]);
  });

  test('needs Query on the index, and nothing else', () => {
    const tableName = 'arn:aws:dynamodb:eu-west-1:123456789012:table/users';
    const directory = { type: 'dynamodb', ...TABLE, tableName, indexName: 'by-email' };
    expect(directoryStatements(directory, functionId)).toEqual([
      { Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${tableName}/index/by-email` },
    ]);
  });

  test('needs InvokeFunction on the function, and nothing else', () => {
    expect(directoryStatements({ type: 'lambda', functionArn: FUNCTION_ARN }, functionId)).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION_ARN },
    ]);
  });
});

test('the endpoint may not use the directory where requests go straight to the outbox', () => {
  const directory = { type: 'lambda', functionArn: FUNCTION_ARN };
  const template = recoveryTemplate({ directory, delivery: 'queued' });
  const actions = statementsOf(template, 'RecoverUserFunction').map(({ Action }) => Action);
  expect(actions).not.toContain('lambda:InvokeFunction');
});

test('the live versions of both functions test themselves every hour, with the event that they know', async () => {
  const { ScheduleExpression, Targets } = onlyPropertiesOf(
    recoveryTemplate(),
    'AWS::Events::Rule',
    'SelfTest',
  );
  expect(ScheduleExpression).toBe('rate(1 hour)');
  const targets: { Arn: object; Input: string }[] = JSON.parse(JSON.stringify(Targets));
  expect(targets.map(({ Arn }) => Arn)).toEqual(
    FUNCTIONS.map((functionId) => ({ Ref: expect.stringMatching(`^${functionId}Aliaslive`) })),
  );
  const handle = withSelfTest(
    async (event: object) => event,
    async () => ({ status: 'ok', checks: [] }),
  );
  for (const { Input } of targets) {
    await expect(handle(JSON.parse(Input), {})).resolves.toEqual({ status: 'ok', checks: [] });
  }
});
