import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import {
  ANSWER_HEADERS,
  CORS,
  PROBLEM_CONTENT_TYPE,
  type ProblemDocument,
  ROUTE,
} from '../../functions/recover-user/http/contract.ts';
import {
  answerJson,
  type ListenOptions,
  type RunningServer,
  readBody,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { invoke, type ProxyHandler, type ProxyResult, proxyEvent } from './lambda-invocation.ts';

/** The largest body that API Gateway takes, in bytes. */
const MAXIMUM_BODY_BYTES = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 15_000;
const METHODS = ['POST', 'OPTIONS'];

/** Answers a request for a path that the laptop answers itself; the body has been read already. */
export type Page = (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void> | void;

/** How a stand-in for API Gateway starts. */
export interface GatewayOptions extends ListenOptions {
  readonly handler: ProxyHandler;
  /** Whether an origin may read the gateway's own error responses (none may); the handler decides about its responses. */
  readonly isAllowedOrigin?: (origin: string) => boolean;
  /** How long the function may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Is told why the caller got a `502`. */
  readonly onFailure?: (error: unknown) => void;
  /** Paths that the laptop answers itself, such as the mailbox. */
  readonly pages?: Readonly<Record<string, Page>>;
}

/** Starts a stand-in for API Gateway REST with the one route of the service, backed by the handler. */
export async function startGateway(options: GatewayOptions): Promise<RunningServer> {
  const { handler, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { isAllowedOrigin = () => false, onFailure = () => {} } = options;
  const pages = new Map(Object.entries(options.pages ?? {}));

  return startHttpServer(async (request, response) => {
    const requestId = randomUUID();
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    const refuse = (status: number, detail: string) => {
      allowReading(request, response, isAllowedOrigin);
      answerProblem(response, { status, detail, requestId });
    };

    const page = pages.get(path);
    if (page === undefined) {
      if (path !== ROUTE) return refuse(404, `There is nothing here; the endpoint is ${ROUTE}.`);
      if (!METHODS.includes(request.method ?? '')) {
        response.setHeader('Allow', METHODS.join(', '));
        return refuse(405, 'Use POST.');
      }
    }
    if (body === undefined) return refuse(413, `The body is larger than ${MAXIMUM_BODY_BYTES} bytes.`);
    if (page !== undefined) return page(request, response, body);
    try {
      answerResult(response, await invoke(handler, proxyEvent(request, body, requestId), timeoutMs));
    } catch (error) {
      onFailure(error);
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      refuse(502, 'Internal server error.');
    }
  }, options);
}

function answerResult(response: ServerResponse, result: ProxyResult): void {
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

function answerProblem(
  response: ServerResponse,
  { status, detail, requestId }: { status: number; detail: string; requestId: string },
): void {
  const problem: ProblemDocument = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: `urn:uuid:${requestId}`,
  };
  answerJson(response, status, problem, {
    ...ANSWER_HEADERS,
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'X-Request-Id': requestId,
  });
}
