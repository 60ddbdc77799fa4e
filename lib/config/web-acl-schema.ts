import { Token } from 'aws-cdk-lib';
import type * as z from 'zod';
import { textThat } from './schema-parts.ts';

const ARN = /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+$/;

/** Which web ACL protects the API. */
export const webAclSchema = textThat(
  (value) => value === 'default' || value === 'none' || ARN.test(value),
  '"default" (the stack makes one), "none", or the ARN of a regional web ACL that you share with other APIs',
)
  .default('default')
  .describe(
    'The web ACL of the API: "default", the ARN of one that you share with other APIs, or "none". Only the default limits requests by client IP as requestsPerClientIp says.',
  );

/** The web ACL of a setting: the stack's own, none, or the shared one by its ARN. */
export type WebAclSetting = { type: 'default' | 'none' } | { type: 'shared'; arn: string };

/** What the setting means. */
export function webAclOf(value: z.output<typeof webAclSchema>): WebAclSetting {
  if (!Token.isUnresolved(value) && (value === 'default' || value === 'none')) return { type: value };
  return { type: 'shared', arn: value };
}
