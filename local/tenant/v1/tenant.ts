import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendUnlessLost } from '../../apply-fault.ts';
import { rejectCrossSite } from '../../cross-site.ts';
import { createFaultSwitch } from '../../fault-switch.ts';
import { readBody, sendJson, splitTarget, startHttpServer } from '../../http-server.ts';
import { CONTROL_PATH_PREFIX } from '../../paths.ts';
import { createMailbox } from '../mailbox.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createBindingJobs } from './binding-jobs.ts';
import { mailBindingLink } from './binding-mail.ts';
import { allowBrowsers } from './browser-access.ts';
import { handleV1Control } from './controls.ts';
import { detailOf, usernameOf } from './events.ts';
import { applyV1TenantFault, nextFault } from './fault.ts';
import { SIMULATED_IDENTITIES } from './identities.ts';
import { describeJob } from './job-documents.ts';
import type { BoundCredential } from './link-operations.ts';
import { errorDocument, methodNotAllowed, unknownPath, type V1Response } from './messages.ts';
import { executorOf } from './operations.ts';
import type { ConsoleToken, V1Tenant, V1TenantOptions } from './options.ts';
import { type ReceivedV1Request, recordCall } from './received-requests.ts';
import { findRoute } from './routes.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import { createSignInOperations } from './sign-in-operations.ts';
import { SIMULATED_CLIENT_ID, SIMULATED_CLIENT_SECRET, SIMULATED_IDS } from './simulated-ids.ts';

const INVOKE_URL = 'https://app.example.com';
const DAY_SECONDS = 24 * 60 * 60;
const MAXIMUM_BODY_BYTES = 64 * 1024;

/** Starts a simulated v1 tenant. Throws an `Error` when `consoleToken` does not have the shape of a v1 token. */
export async function startV1Tenant(options: V1TenantOptions = {}): Promise<V1Tenant> {
  const { now = Date.now, faults = createFaultSwitch(), scopes = DEFAULT_SCOPES } = options;
  const { expiresIn = DAY_SECONDS, linkLifetimeMs = 7 * DAY_SECONDS * 1000 } = options;
  const { identities = SIMULATED_IDENTITIES, unknownScopes = 'narrow', invalidClientStatus = 401 } = options;
  const { onEvent = () => {}, onRotated = () => {} } = options;
  const invokeUrl = (options.invokeUrl ?? INVOKE_URL).replace(/\/$/, '');
  const appOrigin = new URL(invokeUrl).origin;
  const ids = idsOf(options);
  let clientSecret = options.clientSecret ?? SIMULATED_CLIENT_SECRET;

  const tokens = createAccessTokens(now);
  const jobs = createBindingJobs({ lifetimeMs: linkLifetimeMs, now });
  const mailbox = createMailbox();
  const requests: ReceivedV1Request[] = [];
  const boundCredentials: BoundCredential[] = [];
  if (options.consoleToken !== undefined) tokens.accept(options.consoleToken);

  const server = await startHttpServer(async (request, response) => {
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    if (body === undefined) send(response, errorDocument(413, 'request_entity_too_large', 'body too large'));
    else if (path.startsWith(CONTROL_PATH_PREFIX)) control(request, body, response);
    else await serve(request, body, response);
  }, options);
  const issuer = issuerUrl(options.authUrl ?? server.url);

  const execute = executorOf({
    endpoint: {
      ids,
      tokens,
      clientId: options.clientId ?? SIMULATED_CLIENT_ID,
      get clientSecret() {
        return clientSecret;
      },
      scopes,
      unknownScopes,
      invalidClientStatus,
      lifetimeSeconds: expiresIn,
      issuer,
    },
    state: {
      ids,
      tokens,
      identities,
      jobs,
      invokeUrl,
      now,
      mailLink: mailBindingLink({
        mailbox,
        ids,
        invokeUrl,
        apiBaseUrl: options.linkApiBaseUrl ?? server.url,
      }),
      onBound: (credential) => boundCredentials.push(credential),
    },
    signIn: createSignInOperations({
      ...{ ids, credentials: boundCredentials, identities, invokeUrl, now },
      authUrl: options.linkApiBaseUrl ?? server.url,
    }),
  });

  function issuerUrl(authUrl: string): string {
    const { tenantId, applicationRealmId, applicationId } = ids;
    return `${authUrl}/v1/tenants/${tenantId}/realms/${applicationRealmId}/applications/${applicationId}`;
  }

  function issueConsoleToken(token: ConsoleToken = {}): string {
    const { lifetimeSeconds = 365 * DAY_SECONDS } = token;
    return tokens.issue({
      issuer,
      tenantId: ids.tenantId,
      scopes: token.scopes ?? scopes,
      lifetimeSeconds,
    });
  }

  async function serve(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { path, query } = splitTarget(request);
    const { method = '', headers } = request;
    const route = findRoute(path);
    const operation = route?.operations[method];
    if (route !== undefined && allowBrowsers(request, response, route, appOrigin)) return;
    const received = { method, path, query, headers, body };
    const call = recordCall(received, operation, response);
    requests.push(call);
    const about = { operation, username: usernameOf(received, route?.path, identities) };
    let detail: string | undefined;
    onEvent({ ...about, kind: 'called' });
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : undefined;
      onEvent({ ...about, kind: 'responded', status, detail });
    });
    const fault = nextFault(faults, operation);
    if (fault !== undefined) onEvent({ ...about, kind: 'fault', fault: fault.kind });
    if (!(await applyV1TenantFault(fault, operation, response))) return;
    if (route === undefined) return send(response, unknownPath());
    if (operation === undefined) return send(response, methodNotAllowed(Object.keys(route.operations)));
    const result = execute(operation, received, route.path);
    detail = detailOf(result.body);
    call.isMailed = result.isMailed ?? false;
    if (call.isMailed) onEvent({ ...about, kind: 'mailed' });
    sendUnlessLost(fault, response, () => send(response, result));
  }

  function control(request: IncomingMessage, body: string, response: ServerResponse): void {
    if (rejectCrossSite(request, response)) return;
    const { path } = splitTarget(request);
    handleV1Control({ method: request.method ?? '', path, body }, controls, response);
  }

  const controls = {
    faults,
    rotateClientSecret(secret: string): void {
      clientSecret = secret;
      onRotated(secret);
    },
    revokeTokens: tokens.revokeAll,
    expireLinks(): void {
      if (jobs.expireAll()) onEvent({ kind: 'links-expired' });
    },
    get bindingJobs() {
      return jobs
        .list()
        .toReversed()
        .map((job) => describeJob(job, ids));
    },
  };

  return {
    ...server,
    mails: mailbox.mails,
    requests,
    get bindingJobs() {
      return controls.bindingJobs;
    },
    boundCredentials,
    consoleToken: options.consoleToken ?? issueConsoleToken(),
    issueConsoleToken,
    fault: faults.set,
    heal: faults.heal,
    rotateClientSecret: controls.rotateClientSecret,
    revokeTokens: controls.revokeTokens,
    expireLinks: controls.expireLinks,
  };
}

function idsOf(options: V1TenantOptions) {
  const { tenantId, realmId, applicationRealmId, applicationId, authenticatorConfigId } = {
    ...SIMULATED_IDS,
    ...options,
  };
  return { tenantId, realmId, applicationRealmId, applicationId, authenticatorConfigId };
}

function send(response: ServerResponse, { status, body, headers = {} }: V1Response): void {
  sendJson(response, status, body, headers);
}
