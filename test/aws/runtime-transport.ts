import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/*
 * In the place of rapid-client.node, the compiled part of AWS's runtime client: the calls of the Runtime API, over node:http
 * instead of curl, so that nobody needs a compiler. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
const BASE = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** The compiled part waits for its responses; this one waits before the next call. */
let sent: Promise<unknown> = Promise.resolve();

/** Waits for the next event. */
export async function next() {
  await sent;
  const { body, headers } = await call('GET', 'next');
  return { bodyJson: body, headers };
}

/** Sends the result of an invocation. */
export function done(requestId: string, result: string): void {
  sent = call('POST', `${requestId}/response`, result);
}

/** Sends the error of an invocation. */
export function error(requestId: string, description: string): void {
  sent = call('POST', `${requestId}/error`, description);
}

function call(method: string, path: string, body = '') {
  return new Promise<{ body: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const outgoing = request(`${BASE}/${path}`, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ body: text, headers: response.headers }));
    });
    outgoing.on('error', reject).end(body);
  });
}
