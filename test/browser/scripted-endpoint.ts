import { once } from 'node:events';
import { readBody, sendJson, startHttpServer } from '../../local/http-server.ts';

/** What the endpoint answers with; `reset` cuts the connection, `hang` keeps it open until {@link ScriptedEndpoint.release}. */
export type ScriptedAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'reset'
  | 'hang';

/** An endpoint that answers as it is told, to bring a form into each of its states. */
export interface ScriptedEndpoint {
  readonly url: string;
  readonly origin: string;
  /** The bodies that it received, preflights not included. */
  readonly bodies: unknown[];
  /** The answer from now on. */
  answer: ScriptedAnswer;
  /** Answers what hangs with a `202`. */
  release(): void;
  close(): Promise<void>;
}

/** Starts one that any origin may call. */
export async function startScriptedEndpoint(): Promise<ScriptedEndpoint> {
  const released = new EventTarget();
  const bodies: unknown[] = [];
  const cors = {
    // on a connection that is used again, browsers repeat by themselves what is cut off
    Connection: 'close',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
  };
  const server = await startHttpServer(async (request, response) => {
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end();
    bodies.push(JSON.parse((await readBody(request, 10_000)) ?? ''));
    const { answer } = endpoint;
    if (answer === 'reset') return void request.socket.resetAndDestroy();
    if (answer === 'hang') await once(released, 'release');
    const { status, headers, body } =
      answer === 'hang' ? { status: 202 } : { headers: {}, body: {}, ...answer };
    sendJson(response, status, body ?? {}, { ...cors, ...headers });
  });
  const endpoint: ScriptedEndpoint = {
    url: `${server.url}/recover-user`,
    origin: server.url,
    bodies,
    answer: { status: 202 },
    release: () => void released.dispatchEvent(new Event('release')),
    close: server.close,
  };
  return endpoint;
}
