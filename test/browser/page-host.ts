import {
  type RequestHandler,
  type RunningServer,
  splitTarget,
  startHttpServer,
} from '../../local/http-server.ts';
import type { BuiltPage } from '../../web/build.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A page, or any files: contents by name, and what is sent with each. */
export type HostedFiles = Pick<BuiltPage, 'files'> & Partial<BuiltPage>;

/** A web server of an origin of its own that knows nothing but the files that it is given by name; `/` is `index.html`. */
export function hostPage(hosted: (name: string) => HostedFiles): Promise<RunningServer> {
  const answer: RequestHandler = (request, response) => {
    const name = splitTarget(request).path.slice(1) || 'index.html';
    const { files, headers } = hosted(name);
    const contents = files[name];
    const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain';
    response.writeHead(contents === undefined ? 404 : 200, { ...headers, 'Content-Type': type });
    response.end(contents);
  };
  return startHttpServer(answer);
}

/** The URL by a name: WebAuthn and people know `localhost`, and not an address. */
export function asLocalhost(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
}
