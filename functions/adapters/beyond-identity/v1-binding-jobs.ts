import * as z from 'zod/mini';
import type { ForwardResult } from '../../core/forward.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { type ApiCall, authorizedHeaders, parsedJson } from './api-call.ts';

/** What a binding job is created with. */
export interface BindingJobOptions {
  authenticatorConfigId: string;
  /** Where the vendor's SDK sends the person after binding; absent: nowhere. */
  postBindingRedirectUri: string | undefined;
}

const job = z.object({
  state: z.string(),
  delivery_method: z.string(),
  create_time: z.string(),
});
const createdJob = z.object({ credential_binding_job: z.object({ state: z.string() }) });
const jobPage = z.object({
  // one by one: a job that is odd must not hide the others
  credential_binding_jobs: z.array(z.unknown()),
  next_page_token: z.optional(z.string()),
});

/** What an error is about: in its details, as in the vendor's examples, or by itself, as in its schema of a 404. */
const resourceError = z.object({
  resource_type: z.optional(z.string()),
  details: z.optional(z.array(z.object({ resource_type: z.optional(z.string()) }))),
});

/** States of a job whose link cannot be used. */
const WITHOUT_LINK: ReadonlySet<string> = new Set(['FAILED_TO_SEND', 'REVOKED', 'EXPIRED']);

/** Jobs of one page: small enough for the cap of a response. */
const PAGE_SIZE = 50;

/** Path of an identity's binding jobs. */
function jobsPath(realmPath: string, identityId: string): string {
  return `${realmPath}/identities/${encodeURIComponent(identityId)}/credential-binding-jobs`;
}

/** The operation `CreateCredentialBindingJob`: emails the link to the identity's registered address. */
export function createBindingJob(
  realmPath: string,
  identityId: string,
  accessToken: string,
  { authenticatorConfigId, postBindingRedirectUri }: BindingJobOptions,
  observer: Pick<Telemetry, 'unrecognizedSuccess'>,
): ApiCall<ForwardResult> {
  return {
    operation: 'create-binding-job',
    request: {
      method: 'POST',
      path: jobsPath(realmPath, identityId),
      headers: { ...authorizedHeaders(accessToken), 'content-type': 'application/json' },
      body: JSON.stringify({
        job: {
          delivery_method: 'EMAIL',
          authenticator_config_id: authenticatorConfigId,
          post_binding_redirect_uri: postBindingRedirectUri,
        },
      }),
    },
    read({ status, body }) {
      if (status >= 300)
        return { result: { outcome: isAboutTheUser(status, body) ? 'not-recoverable' : 'misconfigured' } };
      const json = parsedJson(body);
      // this is not from Beyond Identity; a body that was cut off says nothing
      if (json === undefined && body !== undefined) return { result: { outcome: 'misconfigured' } };
      const { data } = createdJob.safeParse(json?.value);
      if (data === undefined) observer.unrecognizedSuccess();
      const isMailed = data?.credential_binding_job.state !== 'FAILED_TO_SEND';
      return {
        result: isMailed ? { outcome: 'forwarded' } : { outcome: 'upstream-failed', isAboutUser: true },
      };
    },
  };
}

/** Whether a rejection says that this identity cannot be recovered: it is gone (404), or has no email address (422). */
function isAboutTheUser(status: number, body: string | undefined): boolean {
  if (status !== 404 && status !== 422) return false;
  const { data } = resourceError.safeParse(parsedJson(body)?.value);
  return [data, ...(data?.details ?? [])].some((about) => about?.resource_type === 'Identity');
}

/** What a page of an identity's jobs says about the time since a point in it. */
export interface JobPageResult {
  outcome: 'listed';
  /** Whether a link that can still be used has been emailed since then. */
  isMailed: boolean;
  /** Names the next page; absent: this is the last one. */
  nextPageToken: string | undefined;
}

/** The operation `ListCredentialBindingJobs`, one page. The vendor promises no order. */
export function listBindingJobs(
  realmPath: string,
  identityId: string,
  accessToken: string,
  sinceMs: number,
  pageToken: string | undefined,
): ApiCall<JobPageResult | ForwardResult> {
  const next = pageToken === undefined ? '' : `&page_token=${encodeURIComponent(pageToken)}`;
  return {
    operation: 'list-binding-jobs',
    request: {
      method: 'GET',
      path: `${jobsPath(realmPath, identityId)}?page_size=${PAGE_SIZE}${next}`,
      headers: authorizedHeaders(accessToken),
    },
    read({ status, body }) {
      if (status >= 300) return { result: { outcome: 'misconfigured' } };
      const { data } = jobPage.safeParse(parsedJson(body)?.value);
      if (data === undefined) return { result: { outcome: 'upstream-failed' }, retry: {} };
      const isMailed = data.credential_binding_jobs.some((value) => isMailedSince(value, sinceMs));
      return { result: { outcome: 'listed', isMailed, nextPageToken: data.next_page_token || undefined } };
    },
  };
}

/** Whether a job has emailed a link since then that can still be used. */
function isMailedSince(value: unknown, sinceMs: number): boolean {
  const { data } = job.safeParse(value);
  if (data === undefined) return false;
  const { state, delivery_method, create_time } = data;
  return delivery_method === 'EMAIL' && !WITHOUT_LINK.has(state) && Date.parse(create_time) >= sinceMs;
}
