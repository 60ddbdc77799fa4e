import type { RunningServer } from '../../local/http-server.ts';
import type { Mail } from '../../local/tenant/mailbox.ts';
import type { SimulatedUser } from '../../local/tenant/simulated-users.ts';
import {
  type CommonOptions,
  type RecoveryService,
  startRecoveryService,
  startV1RecoveryService,
} from './recovery-service.ts';

/** A fault that the tenants of both platforms simulate. */
export type PlatformFault =
  | { kind: '500' | 'hang' | 'not-json' | 'reset'; times?: number }
  | { kind: '429'; retryAfterSeconds?: number; rateLimitResetSeconds?: number; times?: number }
  | { kind: 'slow'; delayMs: number; times?: number };

/** Asks for a pause of so many seconds: with `Retry-After` on v0, with `RateLimit-Reset` on v1. */
export const tooManyRequests = (seconds: number): PlatformFault => ({
  kind: '429',
  retryAfterSeconds: seconds,
  rateLimitResetSeconds: seconds,
});

/** What the simulated tenants of both platforms have in common. */
export interface PlatformTenant extends RunningServer {
  /** The emails that it sent, in order. */
  readonly mails: readonly Mail[];
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: PlatformFault): void;
  /** Switches the fault off. */
  heal(): void;
}

/** The service in front of a simulated tenant of either platform. */
export interface PlatformService extends RecoveryService<PlatformTenant> {
  /** How many calls asked the tenant for a user. */
  lookups(): number;
  /** Makes the tenant reject the token of the service, and every token that it gets instead. */
  rejectToken(): void;
}

/** Options of a service on either platform. */
export interface PlatformOptions extends CommonOptions {
  /** The users of the tenant. */
  users?: readonly SimulatedUser[];
}

/** Starts the service in front of a tenant of one platform. */
export interface Platform {
  readonly platform: 'v0' | 'v1';
  start(options?: PlatformOptions): Promise<PlatformService>;
}

/** Both platforms, for `describe.each`: what does not depend on the platform is tested on each. */
export const PLATFORMS: readonly Platform[] = [
  {
    platform: 'v0',
    start: async ({ users, ...options } = {}) => {
      const service = await startRecoveryService({ ...options, ...(users && { tenant: { users } }) });
      return {
        ...service,
        lookups: () => service.tenant.requests.length,
        rejectToken: () => service.tenant.rotateToken('another-token'),
      };
    },
  },
  {
    platform: 'v1',
    start: async ({ users, ...options } = {}) => {
      const identities = users?.map(({ externalId, email, ...user }, index) => ({
        ...user,
        id: String(index).padStart(16, '0'),
        username: externalId,
        primaryEmailAddress: email,
      }));
      const service = await startV1RecoveryService({
        ...options,
        ...(identities && { tenant: { identities } }),
      });
      return {
        ...service,
        lookups: () => service.tenant.requests.filter(({ operation }) => operation === 'identities').length,
        rejectToken: () => service.tenant.fault({ kind: '401' }),
      };
    },
  },
];
