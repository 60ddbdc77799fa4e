import type { BindingJob, JobState } from './binding-jobs.ts';
import type { TenantIds } from './simulated-ids.ts';

/** The vendor's document about a credential binding job. */
export interface JobDocument {
  readonly id: string;
  readonly realm_id: string;
  readonly tenant_id: string;
  readonly identity_id: string;
  readonly credential_id?: string;
  readonly delivery_method: 'EMAIL';
  readonly state: JobState;
  readonly post_binding_redirect_uri?: string;
  readonly authenticator_config_id: string;
  readonly expire_time: string;
  readonly create_time: string;
  readonly update_time: string;
}

/** Describes a job as the vendor does. */
export function describeJob(job: BindingJob, ids: TenantIds): JobDocument {
  const { id, identityId, credentialId, state, postBindingRedirectUri } = job;
  return {
    id,
    realm_id: ids.realmId,
    tenant_id: ids.tenantId,
    identity_id: identityId,
    ...(credentialId !== undefined && { credential_id: credentialId }),
    delivery_method: 'EMAIL',
    state,
    ...(postBindingRedirectUri !== undefined && { post_binding_redirect_uri: postBindingRedirectUri }),
    authenticator_config_id: ids.authenticatorConfigId,
    expire_time: vendorTime(job.expiresAt),
    create_time: vendorTime(job.createdAt),
    update_time: vendorTime(job.updatedAt),
  };
}

/** ISO 8601, UTC, with the vendor's six digits of a second. */
export function vendorTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
