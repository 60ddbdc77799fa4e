import * as z from 'zod/mini';
import { isJsonContentType } from '../../json-text.ts';
import { type ApiPath, type ApiState, rejectForeignRealm } from './api-state.ts';
import { authorize } from './authorization.ts';
import { describeJob } from './job-documents.ts';
import {
  type Checked,
  type FieldViolation,
  forbidden,
  invalidParameters,
  malformedRequest,
  resourceConflict,
  resourceNotFound,
  success,
  type V1Request,
  type V1Response,
} from './messages.ts';
import { JOBS_CREATE, JOBS_CREATE_EMAIL } from './scopes.ts';

/**
 * The vendor ignores read-only fields and takes an `authenticator_config` in place of its id. The contract sends neither, so
 * both are rejected here.
 */
const createJobBody = z.strictObject({
  job: z.strictObject({
    delivery_method: z.enum(['EMAIL', 'RETURN']),
    authenticator_config_id: z.string().check(z.minLength(1, 'empty string')),
    post_binding_redirect_uri: z.optional(z.url({ protocol: /^https?$/ })),
  }),
});

type NewJob = z.infer<typeof createJobBody>['job'];

/** Creates a credential binding job and sends its link by email. */
export function createJob(request: V1Request, path: ApiPath, state: ApiState): V1Response {
  const authorized = authorize(request, state.tokens, [JOBS_CREATE, JOBS_CREATE_EMAIL]);
  if ('rejected' in authorized) return authorized.rejected;
  const foreign = rejectForeignRealm(path, state.ids);
  if (foreign !== undefined) return foreign;
  const job = readJob(request, state.ids.authenticatorConfigId);
  if ('rejected' in job) return job.rejected;
  // a returned link can impersonate anybody: it needs credential-binding-jobs:create-links, which no application here has
  if (job.value.delivery_method === 'RETURN') return forbidden();

  const identity = state.identities.find(({ id }) => id === path.identityId);
  if (identity === undefined) return resourceNotFound('Identity', path.identityId);
  const { primaryEmailAddress } = identity;
  if (primaryEmailAddress === undefined) {
    return resourceConflict(422, 'Identity', identity.id, 'Identity missing email address');
  }
  // Undocumented: the OpenAPI states about the status `suspended` only that the identity "is unable to generate passkeys or
  // login". Of the statuses that it lists for this operation, 422 is the one about the state of an identity.
  if (identity.status === 'suspended') {
    return resourceConflict(422, 'Identity', identity.id, 'Identity suspended');
  }
  const { post_binding_redirect_uri: postBindingRedirectUri } = job.value;
  const created = state.jobs.create({ identityId: identity.id, postBindingRedirectUri });
  state.mailLink(created, identity, primaryEmailAddress);
  return { ...success({ credential_binding_job: describeJob(created, state.ids) }), isMailed: true };
}

function readJob({ headers, query, body }: V1Request, authenticatorConfigId: string): Checked<NewJob> {
  if (!isJsonContentType(headers['content-type']) || query !== '') return { rejected: malformedRequest() };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { rejected: malformedRequest() };
  }
  const parsed = createJobBody.safeParse(json, { error: z.locales.en().localeError });
  if (!parsed.success) return { rejected: invalidParameters(parsed.error.issues.flatMap(violationsOf)) };
  if (parsed.data.job.authenticator_config_id !== authenticatorConfigId) {
    const description = 'authenticator config not found';
    return { rejected: invalidParameters([{ field: 'job.authenticator_config_id', description }]) };
  }
  return { value: parsed.data.job };
}

function violationsOf(issue: z.core.$ZodIssue): FieldViolation[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      description: 'unknown field',
    }));
  }
  return [{ field: issue.path.join('.'), description: issue.message }];
}
