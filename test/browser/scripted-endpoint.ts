import { once } from 'node:events';
import { readBody, sendJson, startHttpServer } from '../../local/http-server.ts';

/** The response of the endpoint. `reset` resets the connection; `hang` keeps it open until {@link ScriptedEndpoint.release}. */
export type ScriptedResponse =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'reset'
  | 'hang';

/** A fake endpoint with configurable responses, which bring the form into each of its states. */
export interface ScriptedEndpoint {
  readonly url: string;
  readonly origin: string;
  /** The received request bodies, without preflights. */
  readonly bodies: unknown[];
  /** The response to later requests. */
  nextResponse: ScriptedResponse;
  /** Sends a `202` to all hanging requests, and to those that are still on their way. */
  release(): void;
  close(): Promise<void>;
}

/** Starts an endpoint that allows every origin. */
export async function startScriptedEndpoint(): Promise<ScriptedEndpoint> {
  const released = new EventTarget();
  const bodies: unknown[] = [];
  const cors = {
    // browsers retry by themselves if a reused connection is reset
    Connection: 'close',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
  };
  const server = await startHttpServer(async (request, response) => {
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end();
    bodies.push(JSON.parse((await readBody(request, 10_000)) ?? ''));
    const { nextResponse } = endpoint;
    if (nextResponse === 'reset') return void request.socket.resetAndDestroy();
    if (nextResponse === 'hang') await once(released, 'release');
    const { status, headers, body } =
      nextResponse === 'hang' ? { status: 202 } : { headers: {}, body: {}, ...nextResponse };
    sendJson(response, status, body ?? {}, { ...cors, ...headers });
  });
  const endpoint: ScriptedEndpoint = {
    url: `${server.url}/recover-user`,
    origin: server.url,
    bodies,
    nextResponse: { status: 202 },
    release() {
      endpoint.nextResponse = { status: 202 };
      released.dispatchEvent(new Event('release'));
    },
    close: server.close,
  };
  return endpoint;
}
