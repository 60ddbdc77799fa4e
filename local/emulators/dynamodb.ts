import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { baseUrl, type ListenOptions, type RunningServer } from '../http-server.ts';

/** Name of the rate limiter's table. */
export const ATTEMPTS_TABLE_NAME = 'attempts';

/** Starts a DynamoDB emulator with the rate limiter's empty table. */
export async function startDynamoDb({
  port = 0,
  host = '127.0.0.1',
}: ListenOptions = {}): Promise<RunningServer> {
  const server = dynalite({ createTableMs: 0 });
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (_, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const url = baseUrl(host, server.address());
  const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  await createTable(client);
  return {
    url,
    close: async () => {
      if (!server.listening) return;
      // dynalite crashes the process when its tables close during a write: wait for the requests in progress
      await client.send(new ListTablesCommand({}));
      client.destroy();
      const closed = once(server, 'close');
      server.close();
      for (const response of underWay) await once(response, 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: ATTEMPTS_TABLE_NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'mailbox', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'mailbox', KeyType: 'HASH' }],
    }),
  );
}
