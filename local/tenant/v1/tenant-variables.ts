import { SIMULATED_CLIENT_ID, SIMULATED_IDS } from './simulated-ids.ts';

/** The variables that have a function call the simulated v1 tenant at this URL with client credentials. */
export function v1Environment({ url }: { readonly url: string }): Record<string, string> {
  return {
    BEYOND_IDENTITY_PLATFORM: 'v1',
    BEYOND_IDENTITY_API_URL: url,
    BEYOND_IDENTITY_AUTH_URL: url,
    BEYOND_IDENTITY_TENANT_ID: SIMULATED_IDS.tenantId,
    BEYOND_IDENTITY_REALM_ID: SIMULATED_IDS.realmId,
    BEYOND_IDENTITY_APPLICATION_ID: SIMULATED_IDS.applicationId,
    BEYOND_IDENTITY_APPLICATION_REALM_ID: SIMULATED_IDS.applicationRealmId,
    BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: SIMULATED_IDS.authenticatorConfigId,
  };
}

/** The JSON of the functions' secret with this client secret. */
export function clientCredentials(clientSecret: string): { CLIENT_ID: string; CLIENT_SECRET: string } {
  return { CLIENT_ID: SIMULATED_CLIENT_ID, CLIENT_SECRET: clientSecret };
}
