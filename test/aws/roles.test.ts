import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { type Deployment, deploy } from './deployment.ts';
import { FUNCTION_IDS } from './deployments.ts';

/** moto denies in XML, which the SDK does not expect of services that speak JSON. */
const failedCall = z.object({ $response: z.object({ statusCode: z.int() }) });

describe.each(FUNCTION_IDS)('the role of %s', (id) => {
  let deployment: Deployment;
  let options: Deployment['clientOptions'];
  let deniedCalls: [what: string, call: () => Promise<unknown>][];

  beforeAll(async () => {
    deployment = await deploy({ platform: 'v0', delivery: 'direct' });
    options = { ...deployment.clientOptions, credentials: await deployment.credentialsOf(id) };
    const dynamoDb = new DynamoDBClient(options);
    const sqs = new SQSClient(options);
    const TableName = deployment.tableName;
    const item = { TableName, Key: { mailbox: { S: 'a' } } };
    const outbox = { QueueUrl: deployment.output('OutboxQueueUrl') };
    const deadLetters = { QueueUrl: deployment.output('DeadLetterQueueUrl') };
    const secret = { SecretId: deployment.output('ApiTokenSecretArn'), SecretString: 'a' };
    const rule = { Name: 'a', ScheduleExpression: 'rate(1 day)' };
    deniedCalls = [
      ['read an item', () => dynamoDb.send(new GetItemCommand(item))],
      ['delete an item', () => dynamoDb.send(new DeleteItemCommand(item))],
      ['change a secret', () => new SecretsManagerClient(options).send(new PutSecretValueCommand(secret))],
      ['purge the outbox', () => sqs.send(new PurgeQueueCommand(outbox))],
      ['receive dead letters', () => sqs.send(new ReceiveMessageCommand(deadLetters))],
      ['send dead letters', () => sqs.send(new SendMessageCommand({ ...deadLetters, MessageBody: 'a' }))],
      ['change a rule', () => new EventBridgeClient(options).send(new PutRuleCommand(rule))],
    ];
    if (id === 'RecoverUserFunction') {
      deniedCalls.push(['receive from the outbox', () => sqs.send(new ReceiveMessageCommand(outbox))]);
    }
  });

  test('is denied what the function does not do', async () => {
    const results = await Promise.all(
      deniedCalls.map(async ([what, call]) => {
        const status = await call().then(
          () => 'allowed',
          (error: unknown) => failedCall.parse(error).$response.statusCode,
        );
        return [what, status];
      }),
    );
    expect(results).toEqual(deniedCalls.map(([what]) => [what, 403]));
  });
});
