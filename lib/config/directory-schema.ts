import * as z from 'zod';
import { mustBe, objectOf, text } from './schema-parts.ts';

const attribute = (what: string) =>
  text(/^\S{1,255}$/, `the name of the attribute with ${what}`).describe(`The attribute with ${what}.`);

const reference = z
  .enum(['user-name', 'identity-id'], mustBe('"user-name" or "identity-id"'))
  .optional()
  .describe('On v1: whether references are user names (default) or ids of identities.');

const EMAIL_PARTS = {
  type: z
    .literal('email')
    .describe("The email address is the user's reference: external id (v0) or user name (v1)."),
};
const DYNAMODB_PARTS = {
  type: z.literal('dynamodb').describe('A DynamoDB table of the app has the reference.'),
  tableName: text(
    /^(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[\w.-]{3,255}$/,
    "a table's name or ARN",
  ).describe('The name or ARN of the table.'),
  indexName: text(/^[\w.-]{3,255}$/, "an index's name")
    .optional()
    .describe(
      'A global secondary index with the address as its partition key. Absent: it is the key of the table.',
    ),
  addressAttribute: attribute('the email address'),
  referenceAttribute: attribute("the user's reference"),
  reference,
};
const LAMBDA_PARTS = {
  type: z.literal('lambda').describe('A Lambda function of the app finds the reference.'),
  functionArn: text(
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,140}(:[\w$-]{1,128})?$/,
    'the ARN of a Lambda function, with or without an alias',
  ).describe('The ARN of the function.'),
  reference,
};

/** Where users are found by their address. */
export const directorySchema = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject(EMAIL_PARTS, objectOf(Object.keys(EMAIL_PARTS), 'an object')),
      z.strictObject(DYNAMODB_PARTS, objectOf(Object.keys(DYNAMODB_PARTS), 'an object')),
      z.strictObject(LAMBDA_PARTS, objectOf(Object.keys(LAMBDA_PARTS), 'an object')),
    ],
    {
      error: ({ input }) => {
        const { type }: { type?: unknown } = Object(input);
        return input === undefined
          ? 'is not set; set it to {"type": "email"} or another directory; see docs/directories.md'
          : mustBe('"email", "dynamodb" or "lambda"').error({ input: type });
      },
    },
  )
  .describe("From the address to the user's reference.");

export type DirectorySetting = z.output<typeof directorySchema>;
