import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Simulation, startSimulation } from '../../../local/simulation.ts';
import { recordOutput } from '../recorded-output.ts';
import { freePorts } from './free-ports.ts';

jest.setTimeout(30_000);

const ALLOWED = 'https://app.example.com';
const LOCAL = [
  'http://localhost:5173',
  'http://localhost:1',
  'http://localhost',
  'http://127.0.0.1:8080',
  'http://127.0.0.1',
  'http://[::1]:4200',
];
const FOREIGN = [
  'http://localhost.evil.example',
  'http://localhost.evil.example:5173',
  'http://evil.example',
  'http://127.0.0.1.evil.example',
  'http://127.0.0.2:5173',
  'http://localhost@evil.example',
  'https://localhost:5173',
  'http://LOCALHOST:5173',
  'http://localhost:5173/',
  'http://localhost:99999',
  'http://localhost:5173, http://evil.example',
  'null',
  'app://localhost',
];

let simulation: Simulation;
let port: number;
let output: ReturnType<typeof recordOutput>;
beforeAll(async () => {
  output = recordOutput();
  port = await freePorts();
  simulation = await startSimulation({
    port,
    host: '127.0.0.1',
    environment: { RESPONSE_TIME_MS: '0', ALLOWED_ORIGINS: ALLOWED },
    allowsLocalOrigins: true,
  });
});
afterAll(async () => {
  await simulation.close();
  output.stop();
});

function call(method: string, origin: string, path = '/recover-user'): Promise<Response> {
  const headers = { origin, 'content-type': 'application/json', 'access-control-request-method': 'POST' };
  const body = method === 'POST' ? '{"email":"nobody@example.com"}' : null;
  return fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
}

function allowedOriginOf({ headers }: Response): string | null {
  return headers.get('access-control-allow-origin');
}

describe('a page from', () => {
  test.each([...LOCAL, ALLOWED])(
    '%s may call the simulated endpoint, and read every response',
    async (origin) => {
      const preflight = await call('OPTIONS', origin);
      expect(preflight.status).toBe(204);
      expect(allowedOriginOf(preflight)).toBe(origin);
      expect(preflight.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
      const response = await call('POST', origin);
      expect([response.status, allowedOriginOf(response)]).toEqual([202, origin]);
      expect(response.headers.get('vary')).toMatch(/origin/i);
      for (const rejected of [await call('PUT', origin), await call('POST', origin, '/other')]) {
        expect(rejected.status).toBeGreaterThanOrEqual(404);
        expect(allowedOriginOf(rejected)).toBe(origin);
      }
    },
  );

  test.each(FOREIGN)('%s may neither call the simulated endpoint nor read a response', async (origin) => {
    for (const response of [
      await call('OPTIONS', origin),
      await call('POST', origin),
      await call('POST', origin, '/other'),
    ]) {
      expect(allowedOriginOf(response)).toBeNull();
    }
  });

  test.each([...LOCAL, ...FOREIGN])('%s may not use the controls of the simulation', async (origin) => {
    for (const path of ['/simulation/fault', '/simulation/links', '/simulation/steps']) {
      const response = await call('DELETE', origin, path);
      expect([response.status, allowedOriginOf(response)]).toEqual([403, null]);
    }
  });
});

test("the app's own pages, at each name of this machine, may call the endpoint and use the controls", async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const origin = `http://${host}:${port}`;
    expect(allowedOriginOf(await call('POST', origin))).toBe(origin);
    expect((await call('DELETE', origin, '/simulation/fault')).status).toBe(200);
  }
});
