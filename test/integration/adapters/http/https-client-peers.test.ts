import { once } from 'node:events';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createHttpsClient,
  type HttpsRequest,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';

const TO_ROOT: HttpsRequest = { method: 'POST', path: '/', headers: {}, body: '' };

describe('an HTTPS client whose peer does not speak HTTP/1.1 as expected', () => {
  const sockets = new Set<Socket>();
  let peer: SocketServer;
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    peer.close();
  });

  /** Posts to a peer that sends this once it has read a request, and has the signal abort a little later. */
  async function sendToPeer(sent: string | undefined, aborting = true) {
    const aborted = new AbortController();
    peer = createSocketServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', async () => {
        if (sent !== undefined) socket.write(sent);
        for (let turn = 0; turn < 50; turn++) await setImmediate();
        if (aborting) aborted.abort();
      });
    }).listen(0, '127.0.0.1');
    await once(peer, 'listening');
    const { port }: Pick<AddressInfo, 'port'> = Object(peer.address());
    return createHttpsClient(new URL(`http://127.0.0.1:${port}`))(TO_ROOT, aborted.signal);
  }

  const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

  test('settles with the status of a 101 immediately, and abandons the connection', async () => {
    await expect(sendToPeer(UPGRADE, false)).resolves.toMatchObject({ status: 101, body: undefined });
  });

  test('settles with the status of an upgrade other than a 101', async () => {
    const upgrade = UPGRADE.replace('101 Switching Protocols', '200 OK');
    await expect(sendToPeer(`${upgrade}data`)).resolves.toMatchObject({ status: 200 });
  });

  test.each([
    ['that says nothing', undefined],
    ['that responds as if to CONNECT, with an endless body', 'HTTP/1.1 200 Connection established\r\n\r\n'],
    ['that stops in the middle of the status line', 'HTTP/1.1 20'],
    ['that stops in the middle of the headers', 'HTTP/1.1 200 OK\r\nContent-'],
    ['with informational responses only', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n'],
    ['with a 101 without an upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['that speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('settles when the signal aborts, for a peer %s', async (_what, sent) => {
    const settled = await sendToPeer(sent).then(
      ({ status }) => status,
      (error: unknown) => error,
    );
    expect(typeof settled === 'number' || settled instanceof RequestFailed).toBe(true);
  });
});
