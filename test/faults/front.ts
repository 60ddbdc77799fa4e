import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback-server.ts';

/** A call that a fault hits. */
export interface Call {
  /** To write to at will; nothing has been written yet. */
  readonly socket: Socket;
  readonly response: ServerResponse;
  /** Has the server behind handle the call, whose response is dropped. */
  handle(): Promise<void>;
}

/** What a server does instead of its work. */
export interface Misbehavior {
  /** Once it has read a call. Absent: it does nothing. */
  onCall?(call: Call): void;
  /** As soon as somebody connects. Absent: nothing. */
  onConnection?(socket: Socket): void;
}

/** A server in front of another one, which misbehaves until it is healed. */
export interface Front extends AsyncDisposable {
  readonly port: number;
  /** How many calls were hit. */
  hits(): number;
  /** As after a restart: it closes all connections, and behaves from then on. */
  heal(): void;
}

/** Where a fault hits, and over what. */
export interface FrontOptions extends Misbehavior {
  /** Whether the fault hits this call; absent: every one. */
  isHit?(request: IncomingMessage, body: string): boolean;
  /** After so many calls it is healed; absent: it is not. */
  times?: number;
  /** Certificate and key; absent: without TLS. */
  tls?: ServerOptions;
}

/** Starts a server in front of the one at this URL. */
export async function startFront(target: string, options: FrontOptions): Promise<Front> {
  const { onCall, onConnection, isHit = () => true, times = Number.POSITIVE_INFINITY, tls } = options;
  const sockets = new Set<Socket>();
  let isHealed = false;
  let hits = 0;

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    if (isHealed || hits >= times || !isHit(incoming, body.toString())) {
      return passOn(target, incoming, body, response);
    }
    hits += 1;
    const handle = () => passOn(target, incoming, body);
    return onCall?.({ socket: incoming.socket, response, handle });
  }

  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    // whoever called has given up
    respond(incoming, response).catch(() => response.destroy());
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    if (!isHealed) onConnection?.(socket);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  const listening = await listenOnLoopback(server, sockets);
  return {
    ...listening,
    hits: () => hits,
    heal: () => {
      isHealed = true;
      listening.disconnect();
    },
  };
}

/** Has the server at this URL handle the call; its response is the caller's, where there is one. */
function passOn(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response?: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(url ?? '/', target), { method, headers, agent: false }, (answer) => {
      response?.writeHead(answer.statusCode ?? 502, answer.headers);
      if (response) answer.pipe(response);
      else answer.resume();
      answer.once('close', resolve);
    });
    call.once('error', reject).end(body);
  });
}
