import type { FaultSwitch } from '../../fault-switch.ts';
import type { ListenOptions, RunningServer } from '../../http-server.ts';
import type { Mail } from '../mailbox.ts';
import type { V1TenantEvent } from './events.ts';
import type { V1TenantFault } from './fault.ts';
import type { SimulatedIdentity } from './identities.ts';
import type { JobDocument } from './job-documents.ts';
import type { BoundCredential } from './link-operations.ts';
import type { ReceivedV1Request } from './received-requests.ts';
import type { TenantIds } from './simulated-ids.ts';

/** Options of a simulated v1 tenant. The ids are those of `simulated-ids.ts` by default. */
export interface V1TenantOptions extends ListenOptions, Partial<TenantIds> {
  readonly clientId?: string;
  /** The client secret that the application accepts until it is rotated. */
  readonly clientSecret?: string;
  /** The scopes that the application has (`identities:read`, and `credential-binding-jobs:create` and `:read`). */
  readonly scopes?: readonly string[];
  /** Whether a scope that the application lacks narrows the token (default) or is refused as `invalid_scope`. */
  readonly unknownScopes?: 'narrow' | 'refuse';
  /** Status of the response to a wrong client (401). */
  readonly invalidClientStatus?: 400 | 401;
  /** `expires_in` of access tokens, in seconds (a day). */
  readonly expiresIn?: number;
  /** A JWT that is accepted until its `exp`, with the scopes in it (default: a new one with the application's scopes). */
  readonly consoleToken?: string;
  /** URL of the authorization server in the `iss` of tokens, without a trailing slash (default: the tenant's own). */
  readonly authUrl?: string;
  readonly identities?: readonly SimulatedIdentity[];
  /** Its fault switch (default: a new one that is off). */
  readonly faults?: FaultSwitch<V1TenantFault>;
  /** The invoke URL of the authenticator config: links lead to `/bind` below it, on the app's origin. */
  readonly invokeUrl?: string;
  /**
   * `api_base_url` of links, and the authorization server of a sign-in. The vendor's SDK demands https (default: the tenant's own
   * URL).
   */
  readonly linkApiBaseUrl?: string;
  /** Lifetime of a job and its link, in milliseconds (7 days). */
  readonly linkLifetimeMs?: number | undefined;
  /** The clock for tokens and jobs, in milliseconds since the epoch (`Date.now`). */
  readonly now?: () => number;
  readonly onEvent?: (event: V1TenantEvent) => void;
  /** Called with the client secret that a rotation made the only valid one. */
  readonly onRotated?: (clientSecret: string) => void;
}

/** What a new console token contains. */
export interface ConsoleToken {
  /** The application's scopes by default. */
  readonly scopes?: readonly string[];
  /** A year by default. */
  readonly lifetimeSeconds?: number;
}

/**
 * A simulated Beyond Identity v1 tenant over HTTP, controlled in code or through its `/simulation/...` endpoints. One URL is
 * that of the authorization server and of the API.
 */
export interface V1Tenant extends RunningServer {
  /** The emails that it sent, in order. */
  readonly mails: readonly Mail[];
  /** The calls that it received, in order. */
  readonly requests: readonly ReceivedV1Request[];
  /** The jobs as the console shows them: the newest first. */
  readonly bindingJobs: readonly JobDocument[];
  /** The credentials that were bound, in order. */
  readonly boundCredentials: readonly BoundCredential[];
  /** The console token that it started with. */
  readonly consoleToken: string;
  /** Makes another console token in the console. */
  issueConsoleToken(token?: ConsoleToken): string;
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: V1TenantFault): void;
  /** Switches the fault off. */
  heal(): void;
  /** Makes this the only valid client secret. Tokens stay valid. */
  rotateClientSecret(clientSecret: string): void;
  /** Revokes all access tokens and the console tokens. */
  revokeTokens(): void;
  /** Expires the links that were sent so far. */
  expireLinks(): void;
}
