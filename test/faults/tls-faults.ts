import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type Certificate, certify, inDays } from './certificates.ts';
import type { Misbehavior } from './front.ts';
import { end, RAW_SUCCESS, reset, sends } from './misbehavior.ts';
import type { Relayed } from './relay.ts';
import type { Ending } from './upstream-case.ts';

/** What makes a server's TLS bad; a server with this behaves otherwise. */
export interface TlsFault {
  /** Continues "while Beyond Identity". */
  readonly name: string;
  readonly ends: Ending;
  readonly tls?: ServerOptions;
  readonly misbehavior?: Misbehavior;
}

/** What happens instead of a handshake, to be had from a {@link startRelay relay}. */
export const HANDSHAKE_FAULTS: readonly { name: string; ends: Ending; relay: Relayed }[] = [
  { name: 'speaks plain HTTP', ends: 'queued', relay: after(writes(RAW_SUCCESS)) },
  { name: 'closes the connection during the handshake', ends: 'queued', relay: after(end) },
  { name: 'resets the connection during the handshake', ends: 'queued', relay: after(reset) },
  { name: 'never answers the handshake', ends: 'queued', relay: (client) => client.resume() },
  {
    name: 'answers the handshake with random bytes',
    ends: 'queued',
    relay: after(writes('\x16\x03\x03\x40\0\xff\xfe\0\0')),
  },
  {
    name: 'answers the handshake with an alert',
    ends: 'queued',
    relay: after(writes('\x15\x03\x03\0\x02\x02\x28')),
  },
  {
    name: 'answers the handshake with an endless record',
    ends: 'queued',
    relay: after(writes('\x16\x03\x03\x3f\xff\x02')),
  },
  { name: 'takes a minute for the handshake', ends: 'queued', relay: trickles(1, 50) },
  { name: 'takes half a second for the handshake', ends: 'mailed', relay: trickles(300, 100) },
];

function after(act: (socket: Socket) => unknown): Relayed {
  return (socket) => {
    socket.once('data', () => act(socket));
  };
}

function writes(bytes: string) {
  return (socket: Socket) => socket.write(bytes, 'latin1');
}

/** Faults of a server with TLS; the authority is the one that the function trusts. */
export async function certificateFaults(authority: Certificate): Promise<TlsFault[]> {
  const good = await certify(authority);
  const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
  return [
    {
      name: 'has an expired certificate',
      ends: 'queued',
      tls: await certify(authority, { notBeforeDate: inDays(-9), notAfterDate: inDays(-1) }),
    },
    {
      name: 'has a certificate from the future',
      ends: 'queued',
      tls: await certify(authority, { notBeforeDate: inDays(1), notAfterDate: inDays(9) }),
    },
    {
      name: 'has a certificate of another host',
      ends: 'queued',
      tls: await certify(authority, { name: 'example.com' }),
    },
    {
      name: 'has a certificate of a host like its own',
      ends: 'queued',
      tls: await certify(authority, { name: '*.localhost' }),
    },
    { name: 'has a certificate that it signed itself', ends: 'queued', tls: await certify() },
    {
      name: 'has a certificate of an unknown authority',
      ends: 'queued',
      tls: await certify(await certify()),
    },
    { name: 'has a certificate that a server has signed', ends: 'queued', tls: await certify(good) },
    { name: 'speaks TLS 1.1 at best', ends: 'queued', tls: { ...good, ...old } },
    {
      name: 'shares no cipher',
      ends: 'queued',
      tls: { ...good, ciphers: 'PSK-AES128-CBC-SHA256', maxVersion: 'TLSv1.2' },
    },
    {
      name: 'demands a certificate of its client',
      ends: 'queued',
      tls: { ...good, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    },
    {
      name: 'resets the connection after the handshake',
      ends: 'queued',
      tls: good,
      misbehavior: { onConnection: reset },
    },
    {
      name: 'closes TLS in the headers',
      ends: 'queued',
      tls: good,
      misbehavior: sends('HTTP/1.1 200 OK\r\nContent-', end),
    },
    {
      name: 'is in order, but for the connection in the body',
      ends: 'mailed',
      tls: good,
      misbehavior: sends(`${RAW_SUCCESS.slice(0, -5)}`, reset),
    },
    {
      name: 'is in order with TLS 1.2',
      ends: 'mailed',
      tls: { ...good, maxVersion: 'TLSv1.2' },
      misbehavior: sends(RAW_SUCCESS),
    },
    {
      name: 'is in order with TLS 1.3',
      ends: 'mailed',
      tls: { ...good, minVersion: 'TLSv1.3' },
      misbehavior: sends(RAW_SUCCESS),
    },
  ];
}

/** Passes so many bytes of the server's on every so many milliseconds. */
function trickles(bytes: number, everyMs: number): Relayed {
  return (client, connectOn) => {
    const server = connectOn();
    client.pipe(server);
    let waiting = Buffer.alloc(0);
    server.on('data', (data: Buffer) => {
      waiting = Buffer.concat([waiting, data]);
    });
    const timer = setInterval(() => {
      client.write(waiting.subarray(0, bytes));
      waiting = waiting.subarray(bytes);
    }, everyMs);
    client.once('close', () => clearInterval(timer));
  };
}
