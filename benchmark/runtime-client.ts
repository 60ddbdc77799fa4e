import type { RequestOptions } from 'node:http';

type Handler = (event: unknown, context: object) => Promise<unknown>;

// to import it would read its every export, and so load what the functions may have taken care not to load
const http = process.getBuiltinModule('node:http');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const API_PATH = '/2018-06-01/runtime/invocation';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');

/*
 * Lambda's runtime client in its least form: asks the Runtime API for one event after the other, and hands the
 * function's answers in. Takes the same environment as the real one.
 */
const { handler }: { handler: Handler } = await import(
  pathToFileURL(`${process.env['LAMBDA_TASK_ROOT']}/index.mjs`).href
);
while (true) {
  const { headers, body } = await call('next');
  const requestId = headers['lambda-runtime-aws-request-id'];
  const endsAt = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => endsAt - Date.now() };
  try {
    await call(`${requestId}/response`, JSON.stringify(await handler(JSON.parse(body), context)));
  } catch (error) {
    await call(`${requestId}/error`, String(error));
  }
}

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function call(path: string, body?: string): Promise<Received> {
  const options: RequestOptions = { agent, host, port, path: `${API_PATH}/${path}` };
  if (body === undefined) {
    // the largest resident set so far, for systems that do not tell it of a process from outside
    options.headers = { 'peak-memory-kib': process.resourceUsage().maxRSS };
  } else {
    options.method = 'POST';
    options.headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  }
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ headers: response.headers, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
