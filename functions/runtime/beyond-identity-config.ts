import * as z from 'zod/mini';
import { isAppUrl, PLATFORMS } from './configuration-bounds.ts';
import {
  apiUrl,
  type Environment,
  oneOf,
  parseEnvironment,
  requiredApiUrl,
  requiredText,
  text,
} from './environment.ts';

/** Where the API of v0 tenants in the US is, the vendor's default. */
export const DEFAULT_V0_API_URL = 'https://api.byndid.com';

/** Which tenant of Beyond Identity's, and how it is called. */
export type BeyondIdentityConfig = V0Config | V1Config;

export interface V0Config {
  platform: 'v0';
  /** Base URL of the API. */
  apiUrl: URL;
}

export interface V1Config {
  platform: 'v1';
  /** Base URL of the API. */
  apiUrl: URL;
  tenantId: string;
  /** The realm of the users. */
  realmId: string;
  authenticatorConfigId: string;
  /** Where the vendor's SDK sends the person after binding; absent: nowhere. */
  postBindingRedirectUri: string | undefined;
  /** What the directory's references are: user names, which are looked up, or the ids of identities. */
  references: 'user-name' | 'identity-id';
  /** Whose client credentials are in the secret; absent: a console token is. */
  application: ApplicationConfig | undefined;
}

export interface ApplicationConfig {
  /** Base URL of the authorization server. */
  authUrl: URL;
  applicationId: string;
  /** The realm of the application, often not that of the users. */
  applicationRealmId: string;
  /** Which scope creates binding jobs: any, or only those that send an email; the latter is tried first. */
  jobScope: 'create' | 'create-email';
}

const platformSchema = z.object({ BEYOND_IDENTITY_PLATFORM: oneOf(PLATFORMS) });

const v0Schema = z.object({ BEYOND_IDENTITY_API_URL: apiUrl() });

const id = (name: string) => requiredText(`set it to the id of the ${name} in the Beyond Identity console`);
const v1Schema = z.object({
  BEYOND_IDENTITY_API_URL: requiredApiUrl('https://api-us.beyondidentity.com'),
  BEYOND_IDENTITY_TENANT_ID: id('tenant'),
  BEYOND_IDENTITY_REALM_ID: id("users' realm"),
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: id('authenticator config'),
  BEYOND_IDENTITY_APPLICATION_ID: text('the id of an application in the Beyond Identity console'),
  POST_BINDING_REDIRECT_URI: text('an https URL without credentials', isAppUrl),
  DIRECTORY_REFERENCE: oneOf(['user-name', 'identity-id']),
});
const applicationSchema = z.extend(v1Schema, {
  BEYOND_IDENTITY_AUTH_URL: requiredApiUrl('https://auth-us.beyondidentity.com'),
  BEYOND_IDENTITY_APPLICATION_ID: id('application'),
  BEYOND_IDENTITY_APPLICATION_REALM_ID: id("application's realm"),
  BEYOND_IDENTITY_JOB_SCOPE: oneOf(['create', 'create-email']),
});

/** Reads which tenant is called, and how. Throws `ConfigError`. */
export function readBeyondIdentityConfig(environment: Environment): BeyondIdentityConfig {
  const { BEYOND_IDENTITY_PLATFORM } = parseEnvironment(platformSchema, environment);
  if (BEYOND_IDENTITY_PLATFORM !== 'v1') {
    const { BEYOND_IDENTITY_API_URL } = parseEnvironment(v0Schema, environment);
    return { platform: 'v0', apiUrl: new URL(BEYOND_IDENTITY_API_URL || DEFAULT_V0_API_URL) };
  }
  if (!environment['BEYOND_IDENTITY_APPLICATION_ID']) {
    return v1Config(parseEnvironment(v1Schema, environment), undefined);
  }
  const data = parseEnvironment(applicationSchema, environment);
  return v1Config(data, {
    authUrl: new URL(data.BEYOND_IDENTITY_AUTH_URL),
    applicationId: data.BEYOND_IDENTITY_APPLICATION_ID,
    applicationRealmId: data.BEYOND_IDENTITY_APPLICATION_REALM_ID,
    jobScope: data.BEYOND_IDENTITY_JOB_SCOPE === 'create-email' ? 'create-email' : 'create',
  });
}

function v1Config(data: z.infer<typeof v1Schema>, application: ApplicationConfig | undefined): V1Config {
  return {
    platform: 'v1',
    apiUrl: new URL(data.BEYOND_IDENTITY_API_URL),
    tenantId: data.BEYOND_IDENTITY_TENANT_ID,
    realmId: data.BEYOND_IDENTITY_REALM_ID,
    authenticatorConfigId: data.BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID,
    postBindingRedirectUri: data.POST_BINDING_REDIRECT_URI || undefined,
    references: data.DIRECTORY_REFERENCE === 'identity-id' ? 'identity-id' : 'user-name',
    application,
  };
}
