import { orNull, text } from './schema-parts.ts';

/** The setting by which the stack makes a key of its own. */
export const CREATE_KEY = 'create';

/** The KMS key that encrypts what the stack stores. */
export const encryptionKeySchema = orNull(
  text(
    /^(create|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/,
    '"create" (the stack makes a KMS key), or the ARN of a KMS key in the region of the stack',
  ),
).describe(
  'The KMS key that encrypts logs, secrets, table, queues and events: "create", or the ARN of one, whose policy has to allow what docs/configuration.md says. null: each service\'s own key.',
);
