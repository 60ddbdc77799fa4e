import { type ApiPath, type ApiState, rejectForeignRealm } from './api-state.ts';
import { authorize } from './authorization.ts';
import { type BindingJob, isOpen } from './binding-jobs.ts';
import { describeJob } from './job-documents.ts';
import {
  type Checked,
  resourceConflict,
  resourceNotFound,
  success,
  type V1Request,
  type V1Response,
} from './messages.ts';
import { cutPage, PAGING_PARAMETERS } from './paging.ts';
import { JOBS_READ, JOBS_REVOKE } from './scopes.ts';
import { readQuery } from './strict-query.ts';

/** In place of an identity's id: all identities of the realm. */
const ANY_IDENTITY = '-';

/** Lists the jobs of an identity. An unknown identity has none: the OpenAPI documents no 404 for this operation. */
export function listJobs(request: V1Request, path: ApiPath, state: ApiState): V1Response {
  const authorized = authorize(request, state.tokens, [JOBS_READ]);
  if ('rejected' in authorized) return authorized.rejected;
  const foreign = rejectForeignRealm(path, state.ids);
  if (foreign !== undefined) return foreign;
  const query = readQuery(request.query, PAGING_PARAMETERS);
  if ('rejected' in query) return query.rejected;

  const jobs = state.jobs.list().filter((job) => belongsTo(job, path.identityId));
  const page = cutPage(unordered(jobs), `jobs ${path.identityId}`, query.value);
  if ('rejected' in page) return page.rejected;
  const { items, totalSize, nextPageToken } = page.value;
  return success({
    credential_binding_jobs: items.map((job) => describeJob(job, state.ids)),
    total_size: totalSize,
    ...(nextPageToken !== undefined && { next_page_token: nextPageToken }),
  });
}

/** Returns one job. */
export function getJob(request: V1Request, path: ApiPath, state: ApiState): V1Response {
  const job = findJob(request, path, state, JOBS_READ);
  return 'rejected' in job ? job.rejected : success(describeJob(job.value, state.ids));
}

/** Revokes a job that is still open: its link stops working. */
export function revokeJob(request: V1Request, path: ApiPath, state: ApiState): V1Response {
  const job = findJob(request, path, state, JOBS_REVOKE);
  if ('rejected' in job) return job.rejected;
  const { id } = job.value;
  if (!isOpen(job.value)) {
    return resourceConflict(409, 'CredentialBindingJob', id, 'credential binding job is not active');
  }
  state.jobs.move(id, 'REVOKED');
  return success(describeJob({ ...job.value, state: 'REVOKED' }, state.ids));
}

function findJob(request: V1Request, path: ApiPath, state: ApiState, scope: string): Checked<BindingJob> {
  const authorized = authorize(request, state.tokens, [scope]);
  if ('rejected' in authorized) return authorized;
  const foreign = rejectForeignRealm(path, state.ids);
  if (foreign !== undefined) return { rejected: foreign };
  const job = state.jobs.find(path.jobId);
  if (job === undefined || !belongsTo(job, path.identityId)) {
    return { rejected: resourceNotFound('CredentialBindingJob', path.jobId) };
  }
  return { value: job };
}

function belongsTo(job: BindingJob, identityId: string): boolean {
  return identityId === ANY_IDENTITY || identityId === job.identityId;
}

/**
 * No order is promised. Here the newest job is neither the first nor the last, and on the last page: a client that relies on
 * an order, or reads one page only, misses it.
 */
function unordered(jobs: readonly BindingJob[]): readonly BindingJob[] {
  return jobs.length < 2 ? jobs : [...jobs.slice(0, -2), ...jobs.slice(-2).toReversed()];
}
