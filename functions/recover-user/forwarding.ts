import { createAccess } from '../adapters/beyond-identity/access.ts';
import { createForwarding } from '../adapters/beyond-identity/forwarding.ts';
import { checkTenant, type TenantCheck } from '../adapters/beyond-identity/tenant-check.ts';
import { createDirectory } from '../adapters/directory/directory.ts';
import type { Deadline } from '../core/deadline.ts';
import type { Ports, Pseudonyms } from '../core/recover-user.ts';
import type { Context } from '../runtime/context.ts';
import type { Environment } from '../runtime/environment.ts';
import { readTenantConfig, type TenantConfig } from '../runtime/tenant-config.ts';
import type { ForwardingConfig } from './config.ts';

/*
 * All that is Beyond Identity's in the endpoint. The bundle for queued delivery, which forwards nothing, has
 * runtime/bundle/no-forwarding.ts in its place.
 */

/** What forwards requests at once, and what else is in the credential's secret. */
export interface ForwardingPorts {
  forwarding: NonNullable<Ports['forwarding']>;
  /** Under the key in the credential's secret. */
  pseudonyms: Pseudonyms;
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when the credential was read, or could not be. */
  ready: Promise<void>;
}

/** Reads which tenant requests are forwarded to. Throws `ConfigError`. */
export function readForwardingTenant(environment: Environment): TenantConfig {
  return readTenantConfig(environment);
}

/** Starts to read the credential, and opens the connections. */
export function createForwardingPorts(
  { beyondIdentity, directory, credentialSecretId }: ForwardingConfig,
  context: Context,
): ForwardingPorts {
  const access = createAccess(beyondIdentity, credentialSecretId, context);
  return {
    ...access,
    forwarding: {
      directory: createDirectory(directory, beyondIdentity.platform, context),
      ...createForwarding(beyondIdentity, access, context),
    },
  };
}

/** Checks the tenant and the credential, by calls that send no email. */
export function checkForwarding(
  { beyondIdentity, credentialSecretId }: ForwardingConfig,
  context: Context,
  deadline: Deadline,
): Promise<TenantCheck> {
  return checkTenant(beyondIdentity, credentialSecretId, context, deadline);
}
