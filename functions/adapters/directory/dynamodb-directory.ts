import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { canonicalAddress } from '../../core/address.ts';
import type { Deadline } from '../../core/deadline.ts';
import { type Directory, knownUser } from '../../core/directory.ts';
import type { DynamoDbDirectoryConfig } from '../../runtime/directory-config.ts';

export interface DynamoDbDirectoryOptions {
  client: Pick<DynamoDBClient, 'send'>;
  config: DynamoDbDirectoryConfig;
  /** Called with the reason when the table gives no usable response; must not throw. */
  failed(reason: string): void;
}

type Item = Record<string, AttributeValue>;

/** How many users of an index with one address are looked at: the address of the index is to be unique. */
const MAXIMUM_USERS = 2;

/**
 * A DynamoDB table of the app's users, read by its partition key, or by that of an index. Keys are compared to the letter:
 * the address is looked up as typed and then, where nobody has it so, in lower case. Takes `GetItem` on the table, or
 * `Query` on the index.
 */
export function createDynamoDbDirectory({ client, config, failed }: DynamoDbDirectoryOptions): Directory {
  const { tableName: TableName, indexName: IndexName, addressAttribute, referenceAttribute } = config;
  const names = { '#reference': referenceAttribute };

  async function itemsOf(address: string, { signal: abortSignal }: Deadline): Promise<Item[]> {
    if (IndexName === undefined) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName,
          Key: { [addressAttribute]: { S: address } },
          ProjectionExpression: '#reference',
          ExpressionAttributeNames: names,
        }),
        { abortSignal },
      );
      return Item === undefined ? [] : [Item];
    }
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression: '#address = :address',
        ProjectionExpression: '#reference',
        ExpressionAttributeNames: { ...names, '#address': addressAttribute },
        ExpressionAttributeValues: { ':address': { S: address } },
        Limit: MAXIMUM_USERS,
      }),
      { abortSignal },
    );
    return Items ?? [];
  }

  return {
    async resolve(address, deadline) {
      const user = canonicalAddress(address);
      try {
        for (const spelling of new Set([address, user])) {
          const items = await deadline.enforce(() => itemsOf(spelling, deadline));
          if (items.length === 0) continue;
          const references = items
            .map((item) => item[referenceAttribute]?.S || item[referenceAttribute]?.N)
            .filter((reference) => reference !== undefined);
          const [first] = references;
          if (first === undefined || references.length < items.length) {
            failed(`an item has no text or number in ${referenceAttribute}`);
            return undefined;
          }
          return knownUser(first, references);
        }
        return { user, references: [] };
      } catch (error) {
        failed(error instanceof Error ? error.name : typeof error);
        return undefined;
      }
    },
  };
}
