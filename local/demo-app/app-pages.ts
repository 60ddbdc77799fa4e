import { readFileSync } from 'node:fs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import { V1_URLS } from '../../lib/config/beyond-identity-urls.ts';
import { buildBindPage, buildCompletionPage } from '../../web/build-link-pages.ts';
import type { BuiltPage } from '../../web/build-page.ts';
import { buildRecoveryPage } from '../../web/build-recovery-page.ts';
import { bundle, bundleSdk, SDK_FILE } from '../../web/bundle.ts';
import type { Page } from '../emulators/gateway.ts';
import { sendJson } from '../http-server.ts';
import {
  BIND_PAGE_PATH,
  CLIENT_CONFIG_PATH,
  LINK_PARAMETER,
  PANEL_SCRIPT_PATH,
  PANEL_STYLE_PATH,
  RECOVERY_PAGE_PATH,
  REGISTRATION_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
  VENDOR_WORKER_PATH,
} from '../paths.ts';
import type { PlatformName } from '../platforms/platform.ts';
import { withPanel } from './panel/panel-markup.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
};

/** URLs of the app and its tenant for a browser, without a trailing slash. */
export interface AppOptions {
  readonly appUrl: string;
  readonly tenantUrl: string;
  /** Seconds until a mailbox may receive another email. */
  readonly resendAfterSeconds: number;
  /** The platform of the tenant. */
  readonly platform: PlatformName;
  /** Renders the side panel. */
  readonly panel: () => string;
}

/** The completion page, which a recovery link opens, its path, and the module that completes the recovery, by platform. */
const COMPLETION: Readonly<Record<PlatformName, Readonly<Record<'html' | 'path' | 'module', string>>>> = {
  v0: { html: '/register.html', path: REGISTRATION_PAGE_PATH, module: 'register-credential' },
  v1: { html: '/bind.html', path: BIND_PAGE_PATH, module: 'register-with-sdk' },
};

/**
 * Builds a small app by path: the project's two pages and a sign-in page of its own, each with the side panel. Throws the
 * bundler's errors.
 */
export function buildAppPages({
  appUrl,
  tenantUrl,
  resendAfterSeconds,
  platform,
  panel,
}: AppOptions): Record<string, Page> {
  const scripts = [PANEL_SCRIPT_PATH];
  const links = { signInUrl: SIGN_IN_PAGE_PATH, supportUrl: 'mailto:support@app.example' };
  const recovery = buildRecoveryPage({
    endpoint: appUrl + ROUTE,
    endpointOrigin: appUrl,
    resendAfterSeconds,
    ...links,
    scripts,
  });
  const completionPage = {
    authenticationUrls: [appUrl + SIGN_IN_PAGE_PATH],
    recoveryUrl: RECOVERY_PAGE_PATH,
    connectOrigins: [tenantUrl],
    ...links,
    scripts,
  };
  const completion =
    platform === 'v1'
      ? buildBindPage({ ...completionPage, sdkOrigins: Object.values(V1_URLS.us) })
      : buildCompletionPage({ ...completionPage, linkParameter: LINK_PARAMETER });
  const own: BuiltPage = {
    files: {
      ...ownFiles(platform),
      [CLIENT_CONFIG_PATH.slice(1)]: JSON.stringify({ tenantUrl, platform }),
    },
    // the sign-in page calls the same origins as the completion page, with the same SDK
    headers: completion.headers,
  };
  const files = { ...filesOf(recovery, panel), ...filesOf(completion, panel), ...filesOf(own, panel) };
  return {
    ...files,
    ...(platform === 'v1' && { [`/${SDK_FILE}`]: serveFile(SDK_FILE, sdkFile, completion.headers) }),
    ...aliasOf(files, '/index.html', RECOVERY_PAGE_PATH),
    ...aliasOf(files, COMPLETION[platform].html, COMPLETION[platform].path),
    ...aliasOf(files, '/sign-in.html', SIGN_IN_PAGE_PATH),
  };
}

const builtOwnFiles = new Map<PlatformName, BuiltPage['files']>();

/** Built once per process: bundling takes most of an app's start time. */
function ownFiles(platform: PlatformName): BuiltPage['files'] {
  const files = builtOwnFiles.get(platform) ?? {
    'register-credential.js': bundle(`../local/demo-app/browser/${COMPLETION[platform].module}.ts`),
    'sign-in.html': readFileSync(new URL('browser/sign-in.html', import.meta.url), 'utf8'),
    'sign-in.js': bundle('../local/demo-app/browser/sign-in.ts'),
    [PANEL_SCRIPT_PATH.slice(1)]: bundle('../local/demo-app/browser/panel.ts'),
    ...(platform === 'v1' && {
      [VENDOR_WORKER_PATH.slice(1)]: bundle('../local/demo-app/service-worker/vendor-worker.ts'),
    }),
    [PANEL_STYLE_PATH.slice(1)]: readFileSync(new URL('browser/panel.css', import.meta.url), 'utf8'),
  };
  builtOwnFiles.set(platform, files);
  return files;
}

let sdk: string | undefined;

/** Bundled at the first request: it takes a second. */
function sdkFile(): string {
  sdk ??= bundleSdk();
  return sdk;
}

function filesOf({ files, headers }: BuiltPage, panel: () => string): Record<string, Page> {
  return Object.fromEntries(
    Object.entries(files).map(([name, contents]) => [
      `/${name}`,
      serveFile(name, () => (name.endsWith('.html') ? withPanel(contents, panel()) : contents), headers),
    ]),
  );
}

function aliasOf(files: Readonly<Record<string, Page>>, path: string, alias: string): Record<string, Page> {
  const page = files[path];
  if (page === undefined) throw new Error(`The build has no file ${path}.`);
  return { [alias]: page };
}

function serveFile(name: string, contents: () => string, headers: BuiltPage['headers']): Page {
  const contentType = CONTENT_TYPES[name.split('.').at(-1) ?? ''];
  if (contentType === undefined) throw new Error(`Unknown content type of ${name}.`);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendJson(response, 405, { message: 'Use GET' }, { Allow: 'GET, HEAD' });
    }
    response.writeHead(200, { ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-store' });
    response.end(contents());
  };
}
