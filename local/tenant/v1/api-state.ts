import type { AccessTokens } from './access-tokens.ts';
import type { BindingJobs } from './binding-jobs.ts';
import type { MailLink } from './binding-mail.ts';
import type { SimulatedIdentity } from './identities.ts';
import { resourceNotFound, type V1Response } from './messages.ts';
import type { TenantIds } from './simulated-ids.ts';

/** What the operations of the API work on. */
export interface ApiState {
  readonly ids: TenantIds;
  readonly tokens: AccessTokens;
  readonly identities: readonly SimulatedIdentity[];
  readonly jobs: BindingJobs;
  readonly mailLink: MailLink;
}

/** The path parameters of the API; those that the path of an operation lacks are empty. */
export interface ApiPath {
  readonly tenantId: string;
  readonly realmId: string;
  readonly identityId: string;
  readonly jobId: string;
}

/** Rejects a path of another tenant or realm. */
export function rejectForeignRealm({ tenantId, realmId }: ApiPath, ids: TenantIds): V1Response | undefined {
  if (tenantId === ids.tenantId && realmId === ids.realmId) return undefined;
  return resourceNotFound('Realm', realmId);
}
