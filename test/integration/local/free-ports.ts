import { randomInt } from 'node:crypto';
import { startHttpServer } from '../../../local/http-server.ts';

/** The first of six free ports in a row, for a simulation, outside the range that systems give to outgoing connections. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const servers = await Promise.allSettled(
      [0, 1, 2, 3, 4, 5].map((offset) => startHttpServer(() => {}, { port: first + offset })),
    );
    const free = servers.flatMap((server) => (server.status === 'fulfilled' ? [server.value] : []));
    await Promise.all(free.map((server) => server.close()));
    if (free.length === servers.length) return first;
  }
}
