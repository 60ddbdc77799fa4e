import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CORS,
  PROBLEM_CONTENT_TYPE,
  problemDocumentOf,
  RESPONSE_HEADERS,
  ROUTE,
} from '../../functions/recover-user/http/contract.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { invoke, type ProxyHandler, type ProxyResult, proxyEvent } from './lambda-invocation.ts';

/** The largest body that API Gateway accepts, in bytes. */
const MAXIMUM_BODY_BYTES = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 15_000;
const METHODS = ['POST', 'OPTIONS'];

/** Handles a request for a path beside the API; the body has been read already. */
export type Page = (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void> | void;

/** Options of the API Gateway emulator. */
export interface GatewayOptions extends ListenOptions {
  readonly handler: ProxyHandler;
  /** Whether an origin may read the gateway's own error responses (default: none); the handler decides about its own. */
  readonly isAllowedOrigin?: (origin: string) => boolean;
  /** The function's timeout, in milliseconds. */
  readonly timeoutMs?: number;
  /** Called with the reason for each `502`. */
  readonly onFailure?: (error: unknown) => void;
  /** Pages beside the API, such as the mailbox, by path. */
  readonly pages?: Readonly<Record<string, Page>>;
}

/** Starts an emulator of API Gateway REST with the service's only route, backed by the handler. */
export async function startGateway(options: GatewayOptions): Promise<RunningServer> {
  const { handler, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { isAllowedOrigin = () => false, onFailure = () => {} } = options;
  const pages = new Map(Object.entries(options.pages ?? {}));

  return startHttpServer(async (request, response) => {
    const requestId = randomUUID();
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    const sendError = (status: number, detail: string) => {
      allowReading(request, response, isAllowedOrigin);
      sendProblem(response, status, detail, requestId);
    };

    const page = pages.get(path);
    if (page === undefined) {
      if (path !== ROUTE) return sendError(404, `Not found. Send recovery requests to POST ${ROUTE}.`);
      if (!METHODS.includes(request.method ?? '')) {
        response.setHeader('Allow', METHODS.join(', '));
        return sendError(405, 'Use POST.');
      }
    }
    if (body === undefined) return sendError(413, `The body is larger than ${MAXIMUM_BODY_BYTES} bytes.`);
    if (page !== undefined) return page(request, response, body);
    try {
      sendResult(response, await invoke(handler, proxyEvent(request, body, requestId), timeoutMs));
    } catch (error) {
      onFailure(error);
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      sendError(502, 'Bad gateway. Try again shortly.');
    }
  }, options);
}

function sendResult(response: ServerResponse, result: ProxyResult): void {
  response.statusCode = result.statusCode;
  response.setHeader('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    response.setHeader(name, values.map(String));
  }
  response.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'));
}

function allowReading(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowedOrigin: (origin: string) => boolean,
): void {
  response.setHeader('Vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !isAllowedOrigin(origin)) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', CORS.exposeHeaders);
}

function sendProblem(response: ServerResponse, status: number, detail: string, requestId: string): void {
  sendJson(response, status, problemDocumentOf(status, detail, `urn:uuid:${requestId}`), {
    ...RESPONSE_HEADERS,
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'X-Request-Id': requestId,
  });
}
