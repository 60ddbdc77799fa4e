import * as z from 'zod/mini';
import { V1_URLS } from '../../../lib/config/beyond-identity-urls.ts';
import { CLIENT_CONFIG_PATH } from '../../paths.ts';

declare const self: ServiceWorkerGlobalScope;

// zod probes whether it may compile its schemas, and the content security policy would report the attempt
z.config({ jitless: true });

/** The vendor's domains. No call to their hosts leaves this machine. */
const VENDOR_DOMAINS = ['beyondidentity.com', 'byndid.com', 'beyondidentity-gov.com'];

/** The servers that the simulated tenant replaces. */
const REPLACED_ORIGINS: readonly string[] = Object.values(V1_URLS.us);

/** What the vendor's web SDK and the sign-in page call there. */
const REPLACED_PATHS =
  /^\/v1\/tenants\/[^/]+\/realms\/[^/]+\/(identities\/[^/]+\/credential-binding-jobs\/[^/:]+:(getInfo|bind)|applications\/[^/]+\/(authorize|bi-authenticate|\.well-known\/jwks\.json))$/;

/** Headers that the tenant reads. */
const FORWARDED_HEADERS = ['authorization', 'content-type'];

const clientConfig = z.object({ tenantUrl: z.url(), platform: z.literal('v1') });

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
// a page that was reloaded past the worker asks to be controlled again
self.addEventListener('message', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (isVendorHost(url.hostname)) event.respondWith(respond(event.request, url));
});

function isVendorHost(host: string): boolean {
  return VENDOR_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** The simulated tenant's response, or a network error for every call that the tenant does not replace. */
async function respond(request: Request, { origin, pathname, search }: URL): Promise<Response> {
  try {
    const tenantUrl = await findTenant();
    const isReplaced = REPLACED_ORIGINS.includes(origin) && REPLACED_PATHS.test(pathname);
    return tenantUrl !== undefined && isReplaced
      ? await forward(request, tenantUrl + pathname + search)
      : Response.error();
  } catch {
    return Response.error();
  }
}

async function forward(request: Request, url: string): Promise<Response> {
  const names = FORWARDED_HEADERS.filter((name) => request.headers.has(name));
  return fetch(url, {
    method: request.method,
    headers: Object.fromEntries(names.map((name) => [name, request.headers.get(name) ?? ''])),
    body: request.method === 'GET' ? null : await request.text(),
    credentials: 'omit',
    redirect: 'error',
  });
}

/** The URL of the tenant. Without one, the simulation has stopped, or another program uses this origin: the worker steps aside. */
async function findTenant(): Promise<string | undefined> {
  const response = await fetch(CLIENT_CONFIG_PATH).catch(() => undefined);
  const config = clientConfig.safeParse(await response?.json().catch(() => undefined));
  if (config.success) return config.data.tenantUrl;
  await self.registration.unregister();
  if (response !== undefined) await reloadPages();
  return undefined;
}

/** The worker controls a page until it is loaded again. */
async function reloadPages(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' });
  await Promise.all(pages.map((page) => page.navigate(page.url)));
}
