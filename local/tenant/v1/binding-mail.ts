import type { Mailbox } from '../mailbox.ts';
import type { BindingJob } from './binding-jobs.ts';
import type { SimulatedIdentity } from './identities.ts';
import type { TenantIds } from './simulated-ids.ts';

/** Sends the email of a job to an address of the identity. */
export type MailLink = (job: BindingJob, identity: SimulatedIdentity, address: string) => void;

/** Where emails go and what their links contain. URLs are without a trailing slash. */
export interface BindingMailOptions {
  readonly mailbox: Mailbox;
  readonly ids: TenantIds;
  readonly invokeUrl: string;
  readonly apiBaseUrl: string;
}

/** Sends emails whose link leads to `/bind` below the invoke URL, where the vendor's redirects a browser. */
export function mailBindingLink({ mailbox, ids, invokeUrl, apiBaseUrl }: BindingMailOptions): MailLink {
  return (job, identity, address) => {
    const parameters = new URLSearchParams({
      api_base_url: apiBaseUrl,
      tenant_id: ids.tenantId,
      realm_id: ids.realmId,
      identity_id: identity.id,
      job_id: job.id,
      token: job.linkToken,
    });
    mailbox.deliver({
      from: 'Beyond Identity (simulated) <no-reply@tenant.example>',
      to: address,
      name: identity.displayName,
      subject: 'Recover your account',
      recoveryLink: `${invokeUrl}/bind?${parameters}`,
      linkExpiresAt: new Date(job.expiresAt).toISOString(),
    });
  };
}
