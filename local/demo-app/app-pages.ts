import { readFileSync } from 'node:fs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import { type BuiltPage, buildCompletionPage, buildRecoveryPage, bundle } from '../../web/build.ts';
import type { Page } from '../emulators/gateway.ts';
import { answerJson } from '../http-server.ts';
import {
  LINK_PARAMETER,
  PANEL_SCRIPT_PATH,
  RECOVERY_PAGE_PATH,
  REGISTRATION_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
  WHEREABOUTS_PATH,
} from '../paths.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Where the app and its tenant are, as a browser sees them; URLs without a trailing slash. */
export interface AppOptions {
  readonly appUrl: string;
  readonly tenantUrl: string;
  /** Seconds until a mailbox may have another mail. */
  readonly resendAfterSeconds: number;
}

/**
 * A small app that has the project's two pages, and a sign-in page of its own, with the side panel on each: what to answer, by
 * path. Throws what the bundler throws.
 */
export function buildAppPages({ appUrl, tenantUrl, resendAfterSeconds }: AppOptions): Record<string, Page> {
  const scripts = [PANEL_SCRIPT_PATH];
  const recovery = buildRecoveryPage({
    endpoint: appUrl + ROUTE,
    endpointOrigin: appUrl,
    resendAfterSeconds,
    scripts,
  });
  const completion = buildCompletionPage({
    authenticationUrls: [appUrl + SIGN_IN_PAGE_PATH],
    recoveryUrl: RECOVERY_PAGE_PATH,
    linkParameter: LINK_PARAMETER,
    connectOrigins: [tenantUrl],
    scripts,
  });
  const own: BuiltPage = {
    files: {
      ...ownFiles(),
      [WHEREABOUTS_PATH.slice(1)]: JSON.stringify({ tenantUrl }),
    },
    // the sign-in page calls whom the page before it calls
    headers: completion.headers,
  };
  const files = { ...filesOf(recovery), ...filesOf(completion), ...filesOf(own) };
  return {
    ...files,
    ...aliasOf(files, '/index.html', RECOVERY_PAGE_PATH),
    ...aliasOf(files, '/register.html', REGISTRATION_PAGE_PATH),
    ...aliasOf(files, '/sign-in.html', SIGN_IN_PAGE_PATH),
  };
}

let builtOwnFiles: BuiltPage['files'] | undefined;

/** What is the same for every app of a process, and takes most of the time that one takes to start. */
function ownFiles(): BuiltPage['files'] {
  builtOwnFiles ??= {
    'register-credential.js': bundle('../local/demo-app/browser/register-credential.ts'),
    'sign-in.html': readFileSync(new URL('browser/sign-in.html', import.meta.url), 'utf8'),
    'sign-in.js': bundle('../local/demo-app/browser/sign-in.ts'),
    [PANEL_SCRIPT_PATH.slice(1)]: bundle('../local/demo-app/browser/panel.ts'),
  };
  return builtOwnFiles;
}

function filesOf({ files, headers }: BuiltPage): Record<string, Page> {
  return Object.fromEntries(
    Object.entries(files).map(([name, contents]) => [`/${name}`, answerFile(name, contents, headers)]),
  );
}

function aliasOf(files: Readonly<Record<string, Page>>, path: string, alias: string): Record<string, Page> {
  const page = files[path];
  if (page === undefined) throw new Error(`There is no ${path}.`);
  return { [alias]: page };
}

function answerFile(name: string, contents: string, headers: BuiltPage['headers']): Page {
  const contentType = CONTENT_TYPES[name.split('.').at(-1) ?? ''];
  if (contentType === undefined) throw new Error(`What is ${name}?`);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answerJson(response, 405, { message: 'Use GET' }, { Allow: 'GET, HEAD' });
    }
    response.writeHead(200, { ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-store' });
    response.end(contents);
  };
}
