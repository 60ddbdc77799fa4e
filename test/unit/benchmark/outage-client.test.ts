import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addressOf, askForRecoveries } from '../../../benchmark/outage-client.ts';
import { type RunningServer, readBody, startHttpServer } from '../../../local/http-server.ts';

let server: RunningServer;
let received: string[];

beforeEach(async () => {
  received = [];
  server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, 1000)) ?? '';
    received.push(`${request.method} ${request.url} ${body}`);
    if (body.includes(addressOf(1))) request.socket.resetAndDestroy();
    else if (body.includes(addressOf(2))) response.writeHead(503).end();
    else if (!body.includes(addressOf(3))) response.writeHead(202).end('{}');
  });
});
afterEach(() => server.close());

describe('the client of the outage', () => {
  test('asks once for each user, and tells how each was answered', async () => {
    const answered = await askForRecoveries(
      server.url,
      { count: 3, overMs: 1 },
      new AbortController().signal,
    );
    expect(answered).toEqual([
      { address: 'user-0@example.com', status: 202, responseMs: expect.any(Number) },
      { address: 'user-1@example.com', status: undefined, responseMs: expect.any(Number) },
      { address: 'user-2@example.com', status: 503, responseMs: expect.any(Number) },
    ]);
    expect(received.toSorted()).toEqual(
      [0, 1, 2].map((number) => `POST /recover-user {"email":"user-${number}@example.com"}`),
    );
  });

  test('stops when it is told to', async () => {
    const interruption = new AbortController();
    const reason = new Error('enough');
    const asking = askForRecoveries(server.url, { count: 4, overMs: 1 }, interruption.signal);
    // the fourth is never answered
    while (!received.some((line) => line.includes(addressOf(3)))) await fetch(server.url, { method: 'POST' });
    interruption.abort(reason);
    await expect(asking).rejects.toBe(reason);
  });
});
