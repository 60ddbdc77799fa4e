import { type RunningServer, splitTarget, startHttpServer } from '../../local/http-server.ts';
import type { BuiltPage } from '../../web/build-page.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The files of a page by name, and the headers of each response. */
export type HostedFiles = Pick<BuiltPage, 'files'> & Partial<BuiltPage>;

/** Starts a web server on a new origin that serves the given files; `/` serves `index.html`. */
export function hostPage(hosted: (name: string) => HostedFiles): Promise<RunningServer> {
  return startHttpServer((request, response) => {
    const name = splitTarget(request).path.slice(1) || 'index.html';
    const { files, headers } = hosted(name);
    const contents = files[name];
    // a name without an extension is that of a page
    const type = TYPES[/\.([^.]*)$/.exec(name)?.[1] ?? 'html'] ?? 'text/plain';
    response.writeHead(contents === undefined ? 404 : 200, { ...headers, 'Content-Type': type });
    response.end(contents);
  });
}

/** Replaces the IP address of a URL by `localhost`, because WebAuthn requires a name. */
export function asLocalhost(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
}
