import type { TenantIds } from './simulated-ids.ts';

/** The authenticator config of the app, as the vendor's web SDK reads it; `invocationType` differs from one call to another. */
export function describeAuthenticatorConfig(
  { tenantId, realmId, authenticatorConfigId }: TenantIds,
  invokeUrl: string,
  invocationType: 'automatic' | 'manual',
) {
  return {
    id: authenticatorConfigId,
    tenant_id: tenantId,
    realm_id: realmId,
    display_name: 'Simulated authenticator config',
    config: {
      type: 'embedded',
      invoke_url: invokeUrl,
      invocation_type: invocationType,
      trusted_origins: [new URL(invokeUrl).origin],
      authentication_methods: [{ type: 'software_passkey' }],
    },
  };
}
