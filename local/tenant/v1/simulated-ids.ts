/** The simulated tenant. */
export const SIMULATED_TENANT_ID = '0001a51b1a7ed001';

/** The realm of the users. */
export const SIMULATED_REALM_ID = '5e1f5e2f1ce0b0a1';

/** The realm of the application: the tenant's admin realm, where no user is. */
export const SIMULATED_ADMIN_REALM_ID = 'ad0112ea1a000001';

/** The application whose client credentials the service uses. */
export const SIMULATED_APPLICATION_ID = '51a01a7e-d0a9-4b11-8ca7-105a9d1d0001';

/** The authenticator config that jobs refer to. */
export const SIMULATED_AUTHENTICATOR_CONFIG_ID = 'a07de27ca7020001';

/** The client id of the application. It is not a real one. */
export const SIMULATED_CLIENT_ID = 'SimulatedClientIdNotReal';

/** The client secret that the application accepts until it is rotated. It is not a real one. */
export const SIMULATED_CLIENT_SECRET = 'simulated-client-secret-not-a-real-one';

/** The application that users sign in to, in their realm. */
export const SIMULATED_SIGN_IN_APPLICATION_ID = '51a01a7e-d0a9-4b11-8ca7-105a9d1d0002';

/** The client id of that application. It is not a real one. */
export const SIMULATED_SIGN_IN_CLIENT_ID = 'SimulatedSignInClientIdNotReal';

/** The ids that occur in the paths of the operations. */
export interface TenantIds {
  readonly tenantId: string;
  /** The realm of the users. */
  readonly realmId: string;
  /** The realm of the application, often another one than that of the users. */
  readonly applicationRealmId: string;
  readonly applicationId: string;
  readonly authenticatorConfigId: string;
}

/** The ids of a tenant by default. */
export const SIMULATED_IDS: TenantIds = {
  tenantId: SIMULATED_TENANT_ID,
  realmId: SIMULATED_REALM_ID,
  applicationRealmId: SIMULATED_ADMIN_REALM_ID,
  applicationId: SIMULATED_APPLICATION_ID,
  authenticatorConfigId: SIMULATED_AUTHENTICATOR_CONFIG_ID,
};
