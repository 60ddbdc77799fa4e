import type { RequestOptions } from 'node:http';

type Handler = (event: unknown, context: object) => Promise<unknown>;

// an import would load every export of node:http, including what the functions take care not to load
const http = process.getBuiltinModule('node:http');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const API_PATH = '/2018-06-01/runtime/invocation';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');

/*
 * A minimal Lambda runtime client with the environment of the real one: polls the Runtime API for events, and posts the
 * function's responses.
 */
const index = pathToFileURL(`${process.env['LAMBDA_TASK_ROOT']}/index.mjs`).href;
const { handler }: { handler: Handler } = await import(index);
while (true) {
  const { headers, body } = await call('next');
  const requestId = headers['lambda-runtime-aws-request-id'];
  const endsAt = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => endsAt - Date.now() };
  await call(`${requestId}/response`, JSON.stringify(await handler(JSON.parse(body), context)));
}

function call(path: string, body?: string) {
  const options: RequestOptions = { agent, host, port, path: `${API_PATH}/${path}` };
  if (body === undefined) {
    const { user, system } = process.cpuUsage();
    // the memory is for systems that do not show the peak of another process
    options.headers = { 'peak-memory-kib': process.resourceUsage().maxRSS, 'cpu-us': user + system };
  } else {
    options.method = 'POST';
    options.headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  }
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
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
