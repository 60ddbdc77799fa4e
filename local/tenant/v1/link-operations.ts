import type { JsonWebKey } from 'node:crypto';
import type { ApiPath, ApiState } from './api-state.ts';
import { describeAuthenticatorConfig } from './authenticator-config.ts';
import { bearerToken } from './authorization.ts';
import { type BindingJob, isOpen, randomId } from './binding-jobs.ts';
import { readBindingRequest } from './binding-request.ts';
import { describeTraits, type SimulatedIdentity } from './identities.ts';
import { vendorTime } from './job-documents.ts';
import {
  type Checked,
  malformedRequest,
  resourceConflict,
  success,
  unauthorized,
  type V1Request,
  type V1Response,
} from './messages.ts';

/** A credential that was bound to an identity. */
export interface BoundCredential {
  readonly id: string;
  readonly identityId: string;
  readonly publicKey: JsonWebKey;
}

/** What the operations of a link work on, beyond the API's state. */
export interface LinkState extends ApiState {
  readonly invokeUrl: string;
  readonly now: () => number;
  readonly onBound: (credential: BoundCredential) => void;
}

/** The job and its identity. */
interface LinkedJob {
  readonly job: BindingJob;
  readonly identity: SimulatedIdentity;
}

/** Returns what an authenticator shows before it creates the credential (`:getInfo`). It does not use up the link. */
export function getInfo(request: V1Request, path: ApiPath, state: LinkState): V1Response {
  const linked = findLinkedJob(request, path, state);
  if ('rejected' in linked) return linked.rejected;
  if (request.body !== '') return malformedRequest();
  const { job, identity } = linked.value;
  if (job.state === 'LINK_SENT') state.jobs.move(job.id, 'LINK_OPENED');
  const { tenantId, realmId, applicationId } = state.ids;
  return success({
    tenant: { id: tenantId, display_name: 'Simulated tenant' },
    realm: { id: realmId, display_name: 'Simulated realm' },
    identity: {
      id: identity.id,
      display_name: identity.displayName,
      traits: describeTraits(identity.username, identity.primaryEmailAddress),
    },
    theme: {
      logo_url_light: `${state.invokeUrl}/icon.svg`,
      logo_url_dark: `${state.invokeUrl}/icon.svg`,
      support_url: state.invokeUrl,
    },
    ...(job.postBindingRedirectUri !== undefined && {
      post_binding_redirect_uri: job.postBindingRedirectUri,
    }),
    application_id: applicationId,
    authenticator_config: describeAuthenticatorConfig(state.ids, state.invokeUrl, 'automatic'),
  });
}

/** Binds the new credential to the identity (`:bind`), which uses up the link. */
export function bindCredential(request: V1Request, path: ApiPath, state: LinkState): V1Response {
  const linked = findLinkedJob(request, path, state);
  if ('rejected' in linked) return linked.rejected;
  const { job, identity } = linked.value;
  state.jobs.move(job.id, 'REQUEST_DELIVERED');
  const binding = readBindingRequest(request.body);
  const subject = `CN=${identity.id}, OU=${state.ids.realmId}, O=${state.ids.tenantId}`;
  if (binding?.subject !== subject || binding.token !== job.linkToken) return malformedRequest();
  const credential = { id: randomId(), identityId: identity.id, publicKey: binding.publicKey };
  state.jobs.move(job.id, 'COMPLETE', credential.id);
  state.onBound(credential);
  const time = vendorTime(state.now());
  return success({ id: credential.id, state: 'ACTIVE', create_time: time, update_time: time });
}

/** The job that the link's token belongs to. A wrong token learns nothing about the job. */
function findLinkedJob(request: V1Request, path: ApiPath, state: LinkState): Checked<LinkedJob> {
  const { ids, jobs, identities } = state;
  const job = jobs.find(path.jobId);
  const identity = identities.find(({ id }) => id === path.identityId);
  const isOfPath =
    path.tenantId === ids.tenantId && path.realmId === ids.realmId && job?.identityId === identity?.id;
  if (job === undefined || identity === undefined || !isOfPath || bearerToken(request) !== job.linkToken) {
    return { rejected: unauthorized() };
  }
  if (isOpen(job)) return { value: { job, identity } };
  return {
    rejected: resourceConflict(410, 'CredentialBindingJob', job.id, 'credential binding job is gone'),
  };
}
