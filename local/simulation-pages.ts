import { rejectCrossSite, rejectForeignHost } from './cross-site.ts';
import type { FlowNarration } from './demo-app/panel/flow-narration.ts';
import type { FlowSteps } from './demo-app/panel/flow-steps.ts';
import { withPanel } from './demo-app/panel/panel-markup.ts';
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
  RECOVERY_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
} from './paths.ts';
import type { AnyTenant, PlatformName, TenantPart } from './platforms/platform.ts';
import type { Mail } from './tenant/mailbox.ts';
import { serveMailbox } from './tenant/mailbox-page.ts';

/** The app's pages, wrapped so that the steps record their visits. */
export function narratedPages(
  pages: Readonly<Record<string, Page>>,
  completionPath: string,
  narration: FlowNarration,
): Record<string, Page> {
  const { [completionPath]: completion, [SIGN_IN_PAGE_PATH]: signIn, [RECOVERY_PAGE_PATH]: recovery } = pages;
  return {
    ...pages,
    ...(completion && { [completionPath]: narration.wrapCompletionPage(completion) }),
    ...(recovery && { [RECOVERY_PAGE_PATH]: narration.wrapRecoveryPage(recovery) }),
    ...(signIn && { [SIGN_IN_PAGE_PATH]: narration.wrapSignInPage(signIn) }),
  };
}

/** The mailbox, as a page and as JSON, with the side panel. */
export function mailboxPages(
  { mails }: AnyTenant,
  { requestedAt }: Pick<FlowNarration, 'requestedAt'>,
  panel: () => string,
): Record<string, Page> {
  const requestOf = ({ to, receivedAt }: Mail) => requestedAt(to, Date.parse(receivedAt));
  const page: Page = (request, response) =>
    rejectForeignHost(request, response)
      ? undefined
      : serveMailbox({ mails, requestOf }, request, response, {
          scripts: [PANEL_SCRIPT_PATH],
          decorate: (html) => withPanel(html, panel()),
        });
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
  const { currentFault, tenant } = part;
  const { mails } = tenant;
  const control = guarded((request, response, body) => {
    const { path } = splitTarget(request);
    part.control({ method: request.method ?? '', path, body }, response);
  });
  return {
    [FEED_PATH]: guarded(createSimulationFeed({ platform, steps, currentFault, mails })),
    [FAULT_PATH]: control,
    [LINKS_PATH]: control,
  };
}
