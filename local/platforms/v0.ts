import { createV0Recorder } from '../demo-app/panel/v0-recorder.ts';
import { createFaultSwitch } from '../fault-switch.ts';
import { REGISTRATION_PAGE_PATH } from '../paths.ts';
import { SIMULATED_USERS } from '../tenant/simulated-users.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from '../tenant/tenant.ts';
import { handleControl, type TenantFault } from '../tenant/tenant-controls.ts';
import type { Platform } from './platform.ts';

/** Tenants of the vendor's older API, with an API token. */
export const V0_PLATFORM: Platform<Tenant> = {
  name: 'v0',
  secretName: 'simulated-beyond-identity-api-token',
  completionPath: REGISTRATION_PAGE_PATH,
  stepTitles: {},
  async startTenant({ port, host, appUrl, linkLifetimeMs, steps, narration, onRotated }) {
    const faults = createFaultSwitch<TenantFault>(steps.touch);
    const tenant = await startTenant({
      port,
      host,
      faults,
      registrationRedirectUri: appUrl + REGISTRATION_PAGE_PATH,
      linkLifetimeMs,
      onEvent: createV0Recorder(steps, narration),
      onRotated: (apiToken) => onRotated({ API_TOKEN: apiToken }),
    });
    const { rotateToken, expireLinks } = tenant;
    return {
      tenant,
      secret: { API_TOKEN: SIMULATED_API_TOKEN },
      environment: { BEYOND_IDENTITY_API_URL: tenant.url },
      accounts: SIMULATED_USERS.map(({ email, status }) => ({ email, status })),
      currentFault: () => faults.current,
      control: (request, response) => handleControl(request, { faults, rotateToken, expireLinks }, response),
    };
  },
};
