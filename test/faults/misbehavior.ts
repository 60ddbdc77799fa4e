import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Misbehavior } from './front.ts';
import type { Ending } from './upstream-case.ts';
import type { Platform } from './world.ts';

/** A way in which Beyond Identity fails, and what becomes of requests meanwhile. */
export interface UpstreamFault extends Misbehavior {
  /** Continues "while Beyond Identity". */
  readonly name: string;
  readonly ends: Ending | Readonly<Record<Platform, Ending>>;
  /** Absent: both. */
  readonly only?: Platform;
}

/** The bodies of successes, by platform, in one. */
export const SUCCESS = '{"internal_id":"1","credential_binding_job":{"state":"LINK_SENT"}}';
/** The bodies of rejections that are about the user, by platform, in one. */
export const ABOUT_THE_USER = '{"message":"no","resource_type":"Identity"}';

const LENGTH = `Content-Length: ${SUCCESS.length}`;
/** A whole success, in HTTP/1.1. */
export const RAW_SUCCESS = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${LENGTH}\r\n\r\n${SUCCESS}`;

/** Responds with this. */
export function responds(
  status: number,
  body: string | Buffer = '',
  headers: OutgoingHttpHeaders = {},
): Misbehavior {
  return {
    onCall: ({ response }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    },
  };
}

/** Sends these bytes, whatever HTTP says; then ends as told, or waits forever. */
export function sends(bytes: string, then: (socket: Socket) => unknown = () => undefined): Misbehavior {
  return { onCall: ({ socket }) => socket.write(bytes, 'latin1', () => then(socket)) };
}

/** Resets the connection; one with TLS is closed without notice. */
export const reset = (socket: Socket): unknown =>
  socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy();
/** Ends the connection as one should. */
export const end = (socket: Socket): unknown => socket.end();

/** Sends a piece over and over, until the other side has had enough. */
export function repeats(piece: string, everyMs = 0) {
  return (socket: Socket): void => {
    const timer = setInterval(() => {
      if (socket.writableLength < 1_000_000) socket.write(piece, 'latin1');
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  };
}
