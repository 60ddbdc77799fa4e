import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in the bundle for the SDK's chain of credential providers: Lambda hands a function its role's credentials in
 * the environment, always, so files, SSO, STS and metadata services (half of the bundle) are left out.
 */
export const defaultProvider = fromEnv;
