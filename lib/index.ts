/**
 * User recovery for Beyond Identity, as a construct for apps of the AWS CDK: docs/construct.md.
 *
 * @module
 */

export type { CustomDomain } from './api/custom-domain.ts';
export { ConfigError } from './config/config-error.ts';
export { UserRecovery } from './user-recovery.ts';
export type {
  Canary,
  Captcha,
  DynamoDbDirectory,
  EmailDirectory,
  LambdaDirectory,
  RecoveryLimits,
  RecoveryPageLinks,
  UsedResources,
  UserRecoveryProps,
  V0Tenant,
  V1Tenant,
} from './user-recovery-props.ts';
