import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from './loopback-server.ts';

/** What a relay does with a connection; `connectOn` connects to the server behind it. */
export type Relayed = (client: Socket, connectOn: () => Socket) => unknown;

/** A TCP server in front of another one, which misbehaves until it is healed. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From then on it passes everything on. */
  heal(): void;
}

/** Starts a relay in front of the server at this port of the loopback interface. */
export async function startRelay(port: number, misbehave: Relayed): Promise<Relay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    return socket;
  };
  let relayed = misbehave;
  const server = createServer((client) => {
    relayed(keep(client), () => {
      const behind = keep(connect(port, '127.0.0.1'));
      client.once('close', () => behind.destroy());
      return behind;
    });
  });
  const listening = await listenOnLoopback(server, sockets);
  return {
    ...listening,
    heal: () => {
      relayed = (client, connectOn) => client.pipe(connectOn()).pipe(client);
      listening.disconnect();
    },
  };
}
