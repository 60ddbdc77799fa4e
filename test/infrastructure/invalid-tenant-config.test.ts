import { describe, expect, test } from '@jest/globals';
import { problemsOf } from './config-with.ts';

const V0 = { platform: 'v0' };
const V1 = { platform: 'v1', region: 'us', tenantId: 't', realmId: 'r', authenticatorConfigId: 'a' };
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:find-user';

describe('an invalid configuration of the tenant', () => {
  test.each([
    ['beyondIdentity', undefined, 'beyondIdentity is not set; set it to {"platform": "v1", ...} or'],
    ['beyondIdentity', {}, 'beyondIdentity.platform is not set; it must be "v0" or "v1"'],
    ['beyondIdentity', { platform: 'v2' }, 'beyondIdentity.platform is "v2"; it must be "v0" or "v1"'],
    ['beyondIdentity', { ...V0, region: 'uk' }, 'beyondIdentity.region is "uk"; it must be "us" or "eu"'],
    ['beyondIdentity', V0, 'beyondIdentity.region is not set; set it to "us" or "eu", or set apiUrl'],
    [
      'beyondIdentity',
      { ...V0, realmId: 'x' },
      'beyondIdentity has unknown key realmId; allowed keys: platform, region, apiUrl',
    ],
    [
      'beyondIdentity',
      { ...V0, region: 'us', apiUrl: 'https://api.example.com' },
      'beyondIdentity.apiUrl is "https://api.example.com" and region is "us"; leave one of them out',
    ],
    ...[
      'http://api.example.com',
      'https://api.example.com/v1',
      'https://user:word@api.example.com',
      'https://api.example.com?x',
      'nowhere',
    ].map((apiUrl): [string, unknown, string] => [
      'beyondIdentity',
      { ...V0, apiUrl },
      `beyondIdentity.apiUrl is "${apiUrl}"; it must be an https URL`,
    ]),
    [
      'beyondIdentity',
      { ...V1, region: undefined },
      'beyondIdentity.region is not set; it must be "us", "eu" or "us-gov"',
    ],
    [
      'beyondIdentity',
      { ...V1, tenantId: undefined },
      'beyondIdentity.tenantId is not set; it must be the id of the tenant',
    ],
    [
      'beyondIdentity',
      { ...V1, realmId: 'a/b' },
      'beyondIdentity.realmId is "a/b"; it must be the id of the users\' realm',
    ],
    [
      'beyondIdentity',
      { ...V1, authenticatorConfigId: '' },
      'beyondIdentity.authenticatorConfigId is ""; it must be',
    ],
    [
      'beyondIdentity',
      { ...V1, apiUrl: 'https://x.example' },
      'beyondIdentity has unknown key apiUrl; allowed keys: platform, region, tenantId',
    ],
    [
      'beyondIdentity',
      { ...V1, applicationId: 'x' },
      'beyondIdentity.applicationRealmId is not set; set it to the id of the realm',
    ],
    [
      'beyondIdentity',
      { ...V1, applicationRealmId: 'x' },
      'beyondIdentity.applicationId is not set; set it, or leave',
    ],
    [
      'beyondIdentity',
      { ...V1, jobScope: 'create-email' },
      'beyondIdentity.applicationId is not set; set it, or leave',
    ],
    [
      'beyondIdentity',
      { ...V1, jobScope: 'create-links' },
      'beyondIdentity.jobScope is "create-links"; it must be "create" or',
    ],
    [
      'beyondIdentity',
      { ...V1, postBindingRedirectUri: 'x' },
      'beyondIdentity.postBindingRedirectUri is "x"; it must be an https URL',
    ],
    ['directory', undefined, 'directory is not set; set it to {"type": "email"} or another directory'],
    ['directory', { type: 'ldap' }, 'directory.type is "ldap"; it must be "email", "dynamodb" or "lambda"'],
    [
      'directory',
      { type: 'email', tableName: 'x' },
      'directory has unknown key tableName; allowed keys: type',
    ],
    ['directory', { type: 'dynamodb' }, "directory.tableName is not set; it must be a table's name or ARN"],
    [
      'directory',
      { type: 'lambda', functionArn: 'find-user' },
      'directory.functionArn is "find-user"; it must be the ARN',
    ],
    [
      'directory',
      { type: 'lambda', functionArn: FUNCTION_ARN, reference: 'identity-id' },
      'directory.reference is for the platform v1; leave it out',
    ],
  ])('%s = %j is rejected with a message that says what to do', (name, value, message) => {
    expect(problemsOf({ [name]: value })).toContainEqual(expect.stringContaining(message));
  });
});
