import * as z from 'zod';
import { type Check, type Deployment, deployCommand, ok, problem, skipped } from './check.ts';

/** How long one request may take, in milliseconds. */
const REQUEST_MS = 10_000;

/** The origin of nobody: the top-level domain is reserved (RFC 2606). */
const FOREIGN_ORIGIN = 'https://doctor.invalid';

/** What the endpoint responds to a method that it does not have. */
const EXPECTED_STATUSES = [403, 404, 405];

/** Checks that the endpoint can be reached, and which pages may call it. */
export async function checkEndpoint(deployment: Deployment): Promise<Check[]> {
  const { stage, outputs } = deployment;
  const url = outputs.get('EndpointUrl');
  if (url === undefined) return [skipped('endpoint', 'the stack has no output EndpointUrl')];
  const origins = (outputs.get('AllowedOrigins') ?? '').split(',').filter((origin) => origin !== '');
  const endpoint = await checkReachable(url);
  if (endpoint.status === 'problem') return [endpoint, skipped('CORS', 'the endpoint does not respond')];
  const fix = `Set allowedOrigins in config/${stage}.json, deploy with ${deployCommand(deployment)}, and look for a proxy in front of the endpoint that changes CORS headers`;
  return Promise.all([
    endpoint,
    ...origins.map((origin) => checkOrigin(url, origin, fix)),
    checkForeignOrigin(url, fix),
  ]);
}

async function checkReachable(url: string): Promise<Check> {
  const response = await request(url, { method: 'GET' });
  if (typeof response === 'string') {
    return problem(
      'endpoint',
      `${url}: ${response}`,
      'Check the network and, with domainName, its DNS record',
    );
  }
  const { status, headers } = response;
  const isProblemDocument = headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (EXPECTED_STATUSES.includes(status) && isProblemDocument) return ok('endpoint', `${url} responds`);
  return problem(
    'endpoint',
    `${url} responds to GET with ${status}, and ${isProblemDocument ? 'a' : 'without a'} problem document`,
    'See docs/troubleshooting.md#the-endpoint-responds-with',
  );
}

async function checkOrigin(url: string, origin: string, fix: string): Promise<Check> {
  const name = `CORS for ${origin}`;
  const response = await preflight(url, origin);
  if (typeof response === 'string') return problem(name, response, fix);
  const { ok: isSuccess, status, headers } = response;
  if (!isSuccess) return problem(name, `the preflight request gets ${status}`, fix);
  const allows = (header: string, value: string) =>
    (headers.get(header) ?? '').toLowerCase().split(/ *, */).includes(value);
  if (headers.get('access-control-allow-origin') !== origin) {
    return problem(name, 'the endpoint does not allow this origin', fix);
  }
  if (!allows('access-control-allow-methods', 'post')) return problem(name, 'POST is not allowed', fix);
  if (!allows('access-control-allow-headers', 'content-type')) {
    return problem(name, 'the header Content-Type is not allowed', fix);
  }
  return ok(name, 'allowed');
}

async function checkForeignOrigin(url: string, fix: string): Promise<Check> {
  const name = 'CORS for other origins';
  const response = await preflight(url, FOREIGN_ORIGIN);
  if (typeof response === 'string') return problem(name, response, fix);
  return response.headers.has('access-control-allow-origin')
    ? problem(name, 'the endpoint allows an origin that is not in allowedOrigins', fix)
    : ok(name, 'not allowed');
}

function preflight(url: string, origin: string): Promise<Response | string> {
  return request(url, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
}

/** The response, or why there is none. */
async function request(url: string, init: RequestInit): Promise<Response | string> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    await response.body?.cancel();
    return response;
  } catch (error) {
    return `no response (${reasonOf(error)})`;
  }
}

/** What an error of `fetch` says: it itself only says that it failed. */
const failure = z.object({
  name: z.string(),
  cause: z.optional(z.object({ code: z.optional(z.string()) })),
});

/** The system's code where it has one, or the name of the error. */
function reasonOf(error: unknown): string {
  const { data } = failure.safeParse(error);
  return data?.cause?.code ?? data?.name ?? typeof error;
}
