import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type RunningServer, splitTarget, startHttpServer } from '../../local/http-server.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Serves a built app as static hosts do: a folder's `index.html`, and the one of the root for paths that the app knows. */
export function hostFolder(folder: string): Promise<RunningServer> {
  return startHttpServer(async (request, response) => {
    const { path } = splitTarget(request);
    for (const name of [path, `${path}/index.html`, 'index.html']) {
      const contents = await readFile(join(folder, name)).catch(() => undefined);
      if (contents === undefined) continue;
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
      return void response.end(contents);
    }
    response.writeHead(404).end();
  });
}
