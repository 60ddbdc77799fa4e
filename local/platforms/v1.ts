import { V1_URLS } from '../../lib/config/beyond-identity-urls.ts';
import { createV1Recorder } from '../demo-app/panel/v1-recorder.ts';
import { createFaultSwitch } from '../fault-switch.ts';
import { BIND_PAGE_PATH, SIGN_IN_PAGE_PATH } from '../paths.ts';
import { handleV1Control } from '../tenant/v1/controls.ts';
import type { V1TenantFault } from '../tenant/v1/fault.ts';
import { SIMULATED_IDENTITIES, type SimulatedIdentity } from '../tenant/v1/identities.ts';
import type { V1Tenant } from '../tenant/v1/options.ts';
import { SIMULATED_CLIENT_SECRET } from '../tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../tenant/v1/tenant-variables.ts';
import type { Account, Platform } from './platform.ts';

/** Tenants of the vendor's current API, with the client credentials of an application. */
export const V1_PLATFORM: Platform<V1Tenant> = {
  name: 'v1',
  secretName: 'simulated-beyond-identity-client-credentials',
  completionPath: BIND_PAGE_PATH,
  stepTitles: { opened: 'The link opens the /bind page of the app' },
  async startTenant({ port, host, appUrl, linkLifetimeMs, steps, narration, onRotated }) {
    const faults = createFaultSwitch<V1TenantFault>(steps.touch);
    const tenant = await startV1Tenant({
      port,
      host,
      faults,
      invokeUrl: appUrl,
      // the app's service worker hands the calls to the tenant: the vendor's SDK demands its own hosts
      linkApiBaseUrl: V1_URLS.us.authUrl,
      linkLifetimeMs,
      onEvent: createV1Recorder(steps, narration),
      onRotated: (clientSecret) => onRotated(clientCredentials(clientSecret)),
    });
    const { rotateClientSecret, revokeTokens, expireLinks } = tenant;
    return {
      tenant,
      secret: clientCredentials(SIMULATED_CLIENT_SECRET),
      environment: {
        ...v1Environment(tenant),
        POST_BINDING_REDIRECT_URI: appUrl + SIGN_IN_PAGE_PATH,
      },
      accounts: SIMULATED_IDENTITIES.map(accountOf),
      currentFault: () => faults.current,
      control: (request, response) =>
        handleV1Control(
          request,
          { faults, rotateClientSecret, revokeTokens, expireLinks, bindingJobs: tenant.bindingJobs },
          response,
        ),
    };
  },
};

/** An identity as the side panel lists it: by its user name, which is the address that its user types. */
export function accountOf({ username, primaryEmailAddress, status }: SimulatedIdentity): Account {
  return { email: username, status: primaryEmailAddress === undefined ? 'without-address' : status };
}
