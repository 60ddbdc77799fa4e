import { SIMULATED_API_TOKEN, startTenant } from '../../local/tenant/tenant.ts';
import { SIMULATED_CLIENT_SECRET } from '../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../../local/tenant/v1/tenant-variables.ts';
import type { PlatformTenant } from '../integration/platforms.ts';
import type { DeploymentKind } from './deployments.ts';

/** A simulated tenant with its credential. */
export interface CredentialedTenant {
  readonly tenant: PlatformTenant;
  /** The variables by which a function calls it. */
  readonly variables: Readonly<Record<string, string>>;
  /** The secret of the functions at the start. */
  readonly secret: Readonly<Record<string, string>>;
  /** The credential that it accepts, as `npm run store-token` reads it: one value a line. */
  credential(): readonly string[];
  /** Makes it accept another one only. */
  rotate(): void;
}

/** Starts a simulated tenant of a platform. */
export async function startTenantOf(platform: DeploymentKind['platform']): Promise<CredentialedTenant> {
  return platform === 'v1' ? startV1() : startV0();
}

async function startV0(): Promise<CredentialedTenant> {
  const tenant = await startTenant();
  let apiToken = SIMULATED_API_TOKEN;
  return {
    tenant,
    variables: { BEYOND_IDENTITY_API_URL: tenant.url },
    secret: { API_TOKEN: apiToken },
    credential: () => [apiToken],
    rotate() {
      apiToken = 'rotated-api-token';
      tenant.rotateToken(apiToken);
    },
  };
}

async function startV1(): Promise<CredentialedTenant> {
  const tenant = await startV1Tenant();
  let clientSecret = SIMULATED_CLIENT_SECRET;
  const { BEYOND_IDENTITY_API_URL = '', BEYOND_IDENTITY_AUTH_URL = '' } = v1Environment(tenant);
  return {
    tenant,
    // the ids are those of the template
    variables: { BEYOND_IDENTITY_API_URL, BEYOND_IDENTITY_AUTH_URL },
    secret: clientCredentials(clientSecret),
    credential: () => Object.values(clientCredentials(clientSecret)),
    rotate() {
      clientSecret = 'rotated-client-secret';
      tenant.rotateClientSecret(clientSecret);
      tenant.revokeTokens();
    },
  };
}
