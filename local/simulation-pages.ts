import { rejectCrossSite, rejectForeignHost } from './cross-site.ts';
import type { FlowNarration } from './demo-app/panel/flow-narration.ts';
import type { FlowSteps } from './demo-app/panel/flow-steps.ts';
import { createSimulationFeed } from './demo-app/panel/simulation-feed.ts';
import type { Page } from './emulators/gateway.ts';
import { splitTarget } from './http-server.ts';
import {
  FAULT_PATH,
  FEED_PATH,
  LINKS_PATH,
  MAILBOX_JSON_PATH,
  MAILBOX_PATH,
  PANEL_SCRIPT_PATH,
  SIGN_IN_PAGE_PATH,
} from './paths.ts';
import type { AnyTenant, PlatformName, TenantPart } from './platforms/platform.ts';
import { serveMailbox } from './tenant/mailbox-page.ts';

/** The app's pages, wrapped so that the steps record their visits. */
export function narratedPages(
  pages: Readonly<Record<string, Page>>,
  landingPath: string,
  narration: FlowNarration,
): Record<string, Page> {
  const { [landingPath]: landing, [SIGN_IN_PAGE_PATH]: signIn } = pages;
  return {
    ...pages,
    ...(landing && { [landingPath]: narration.wrapLandingPage(landing) }),
    ...(signIn && { [SIGN_IN_PAGE_PATH]: narration.wrapSignInPage(signIn) }),
  };
}

/** The mailbox, as a page and as JSON, with the side panel. */
export function mailboxPages({ mails }: AnyTenant): Record<string, Page> {
  const page: Page = (request, response) =>
    rejectForeignHost(request, response)
      ? undefined
      : serveMailbox(mails, request, response, [PANEL_SCRIPT_PATH]);
  return { [MAILBOX_PATH]: page, [MAILBOX_JSON_PATH]: page };
}

/** What the controls act on. */
export interface Controlled {
  readonly platform: PlatformName;
  readonly steps: FlowSteps;
  readonly part: TenantPart<AnyTenant>;
  /** Origins of the app's own pages, the only ones that may use the controls. */
  readonly ownOrigins: readonly string[];
}

/** The tenant's controls on the app's origin, so that the panel needs no cross-origin access. */
export function controlPages({ platform, steps, part, ownOrigins }: Controlled): Record<string, Page> {
  const guarded =
    (page: Page): Page =>
    (request, response, body) =>
      rejectCrossSite(request, response, ownOrigins) ? undefined : page(request, response, body);
  const { accounts, currentFault, tenant } = part;
  const { mails } = tenant;
  const control = guarded((request, response, body) => {
    const { path } = splitTarget(request);
    part.control({ method: request.method ?? '', path, body }, response);
  });
  return {
    [FEED_PATH]: guarded(createSimulationFeed({ platform, steps, currentFault, mails, accounts })),
    [FAULT_PATH]: control,
    [LINKS_PATH]: control,
  };
}
