import { ConfigError } from '../environment.ts';

/**
 * Stands in the bundle for queued delivery for all that calls Beyond Identity: such an endpoint forwards nothing, and must
 * neither load nor connect what it does not use.
 */
function reject(): never {
  throw new ConfigError(
    'DELIVERY must be "queued": this bundle cannot forward; to forward, set delivery to "direct" in the configuration and deploy',
  );
}

export { reject as checkForwarding, reject as createForwardingPorts, reject as readForwardingTenant };
