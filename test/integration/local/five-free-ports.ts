import { randomInt } from 'node:crypto';
import { startHttpServer } from '../../../local/http-server.ts';

/** The first of five free ports in a row, outside the range that systems give to outgoing connections. */
export async function fiveFreePorts(): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const servers = await Promise.allSettled(
      [first, first + 1, first + 2, first + 3, first + 4].map((port) => startHttpServer(() => {}, { port })),
    );
    const free = servers.flatMap((server) => (server.status === 'fulfilled' ? [server.value] : []));
    await Promise.all(free.map((server) => server.close()));
    if (free.length === servers.length) return first;
  }
}
