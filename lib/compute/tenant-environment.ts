import { urlsOf } from '../config/beyond-identity-schema.ts';
import type { Config } from '../config/config.ts';

/** The tenant of Beyond Identity's, and where its users are found. */
export type Tenant = Pick<Config, 'beyondIdentity' | 'directory'>;

/**
 * Every variable that a function may read for that. An empty text is as good as absent; it is declared for `sam local`, which
 * overrides only what the template declares.
 */
const ABSENT = {
  BEYOND_IDENTITY_AUTH_URL: '',
  BEYOND_IDENTITY_TENANT_ID: '',
  BEYOND_IDENTITY_REALM_ID: '',
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: '',
  BEYOND_IDENTITY_APPLICATION_ID: '',
  BEYOND_IDENTITY_APPLICATION_REALM_ID: '',
  BEYOND_IDENTITY_JOB_SCOPE: '',
  POST_BINDING_REDIRECT_URI: '',
  DIRECTORY_TABLE_NAME: '',
  DIRECTORY_INDEX_NAME: '',
  DIRECTORY_ADDRESS_ATTRIBUTE: '',
  DIRECTORY_REFERENCE_ATTRIBUTE: '',
  DIRECTORY_FUNCTION_ARN: '',
  DIRECTORY_REFERENCE: '',
  AWS_ENDPOINT_URL_LAMBDA: '',
};

/** The variables by which a function finds the tenant and the users. */
export function tenantEnvironment({ beyondIdentity, directory }: Tenant): Record<string, string> {
  const { apiUrl, authUrl } = urlsOf(beyondIdentity);
  const present = withoutAbsent({
    BEYOND_IDENTITY_PLATFORM: beyondIdentity.platform,
    BEYOND_IDENTITY_API_URL: apiUrl,
    ...(beyondIdentity.platform === 'v1' && {
      BEYOND_IDENTITY_AUTH_URL: beyondIdentity.applicationId && authUrl,
      BEYOND_IDENTITY_TENANT_ID: beyondIdentity.tenantId,
      BEYOND_IDENTITY_REALM_ID: beyondIdentity.realmId,
      BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: beyondIdentity.authenticatorConfigId,
      BEYOND_IDENTITY_APPLICATION_ID: beyondIdentity.applicationId,
      BEYOND_IDENTITY_APPLICATION_REALM_ID: beyondIdentity.applicationRealmId,
      BEYOND_IDENTITY_JOB_SCOPE: beyondIdentity.jobScope,
      POST_BINDING_REDIRECT_URI: beyondIdentity.postBindingRedirectUri,
    }),
    DIRECTORY: directory.type,
    ...(directory.type === 'dynamodb' && {
      DIRECTORY_TABLE_NAME: directory.tableName,
      DIRECTORY_INDEX_NAME: directory.indexName,
      DIRECTORY_ADDRESS_ATTRIBUTE: directory.addressAttribute,
      DIRECTORY_REFERENCE_ATTRIBUTE: directory.referenceAttribute,
    }),
    ...(directory.type === 'lambda' && { DIRECTORY_FUNCTION_ARN: directory.functionArn }),
    ...(directory.type !== 'email' && { DIRECTORY_REFERENCE: directory.reference }),
  });
  return { ...ABSENT, ...present };
}

function withoutAbsent(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
