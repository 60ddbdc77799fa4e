import type { ServerResponse } from 'node:http';
import type { PLATFORMS } from '../../functions/runtime/configuration-bounds.ts';
import type { FlowNarration } from '../demo-app/panel/flow-narration.ts';
import type { FlowSteps, StepTitles } from '../demo-app/panel/flow-steps.ts';
import type { ListenOptions, RunningServer } from '../http-server.ts';
import type { ControlRequest } from '../tenant/control-endpoints.ts';
import type { Mail } from '../tenant/mailbox.ts';

/** A generation of Beyond Identity's tenants. */
export type PlatformName = (typeof PLATFORMS)[number];

/** A simulated tenant of any platform. */
export interface AnyTenant extends RunningServer {
  /** The emails that it sent, in order. */
  readonly mails: readonly Mail[];
}

/** An account as the side panel lists it. */
export interface Account {
  readonly email: string;
  readonly status: 'active' | 'suspended' | 'without-address';
}

/** Where a tenant starts, and what it reports to. URLs are for a browser, without a trailing slash. */
export interface TenantContext extends ListenOptions {
  readonly appUrl: string;
  readonly tenantUrl: string;
  /** Lifetime of a recovery link, in milliseconds (default: that of the platform). */
  readonly linkLifetimeMs: number | undefined;
  readonly steps: FlowSteps;
  readonly narration: FlowNarration;
  /** Called when the credential of the functions is rotated, with the new content of their secret. */
  readonly onRotated: (secret: SecretContent) => void;
}

/** The JSON of the functions' secret. */
export type SecretContent = Readonly<Record<string, string>>;

/** A running tenant, and what the rest of the simulation needs of it. */
export interface TenantPart<SomeTenant extends AnyTenant> {
  readonly tenant: SomeTenant;
  readonly secret: SecretContent;
  /** The functions' variables about the tenant. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accounts: readonly Account[];
  /** The fault that would hit the next request. */
  currentFault(): { readonly kind: string } | undefined;
  /** Handles a request to one of the control endpoints. */
  control(request: ControlRequest, response: ServerResponse): void;
}

/** A platform that can be simulated. */
export interface Platform<SomeTenant extends AnyTenant> {
  readonly name: PlatformName;
  /** Name of the secret that holds the functions' credential. */
  readonly secretName: string;
  /** Path of the completion page: the page of the app that a recovery link opens. */
  readonly completionPath: string;
  /** Titles of steps that differ from the default ones. */
  readonly stepTitles: StepTitles;
  startTenant(context: TenantContext): Promise<TenantPart<SomeTenant>>;
}
