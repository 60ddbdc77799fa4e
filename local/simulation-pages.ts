import { refusedAsCrossSite, refusedAsForeignHost } from './cross-site.ts';
import type { FlowNarration } from './demo-app/panel/flow-narration.ts';
import type { FlowSteps } from './demo-app/panel/flow-steps.ts';
import { createSimulationFeed } from './demo-app/panel/simulation-feed.ts';
import type { Page } from './emulators/gateway.ts';
import type { FaultSwitch } from './fault-switch.ts';
import { splitTarget } from './http-server.ts';
import {
  FAULT_PATH,
  FEED_PATH,
  LINKS_PATH,
  MAILBOX_JSON_PATH,
  MAILBOX_PATH,
  PANEL_SCRIPT_PATH,
  REGISTRATION_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
} from './paths.ts';
import { answerMailbox } from './tenant/mailbox-page.ts';
import { SIMULATED_USERS } from './tenant/simulated-users.ts';
import type { Tenant } from './tenant/tenant.ts';
import { answerControl, type TenantFault } from './tenant/tenant-controls.ts';

/** The app's pages, of which the steps record that they were opened. */
export function narratedPages(
  pages: Readonly<Record<string, Page>>,
  narration: FlowNarration,
): Record<string, Page> {
  const { [REGISTRATION_PAGE_PATH]: landing, [SIGN_IN_PAGE_PATH]: signIn } = pages;
  return {
    ...pages,
    ...(landing && { [REGISTRATION_PAGE_PATH]: narration.overLandingPage(landing) }),
    ...(signIn && { [SIGN_IN_PAGE_PATH]: narration.overSignInPage(signIn) }),
  };
}

/** The mailbox, as a page and as JSON, with the side panel. */
export function mailboxPages({ mails }: Tenant): Record<string, Page> {
  const page: Page = (request, response) =>
    refusedAsForeignHost(request, response)
      ? undefined
      : answerMailbox(mails, request, response, [PANEL_SCRIPT_PATH]);
  return { [MAILBOX_PATH]: page, [MAILBOX_JSON_PATH]: page };
}

/** What the controls are for. */
export interface Controlled {
  readonly steps: FlowSteps;
  readonly faults: FaultSwitch<TenantFault>;
  readonly tenant: Tenant;
  /** Of the app's own pages, the only ones that may use the controls. */
  readonly ownOrigins: readonly string[];
}

/** The controls of the tenant once more, on the app's origin: a page need not be let across origins to switch a fault. */
export function controlPages({ steps, faults, tenant, ownOrigins }: Controlled): Record<string, Page> {
  const guarded =
    (page: Page): Page =>
    (request, response, body) =>
      refusedAsCrossSite(request, response, ownOrigins) ? undefined : page(request, response, body);
  const { mails, rotateToken, expireLinks } = tenant;
  const control = guarded((request, response, body) => {
    const { path } = splitTarget(request);
    answerControl(
      { method: request.method ?? '', path, body },
      { faults, rotateToken, expireLinks },
      response,
    );
  });
  return {
    [FEED_PATH]: guarded(createSimulationFeed({ steps, faults, mails, users: SIMULATED_USERS })),
    [FAULT_PATH]: control,
    [LINKS_PATH]: control,
  };
}
