import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildRecoveryPage } from '../../web/build-recovery-page.ts';
import { type TestBrowser, useBrowser } from './browser.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedEndpoint, type ScriptedResponse, startScriptedEndpoint } from './scripted-endpoint.ts';

/** The address that {@link send} submits by default. */
export const ADDRESS = 'jane@example.com';

/** The response to an accepted request. */
export const ACCEPTED: ScriptedResponse = { status: 202 };

/** The ready recovery page with a fake endpoint. */
export interface FormPage {
  readonly browser: TestBrowser;
  /** Throws before the first test has started. */
  readonly endpoint: ScriptedEndpoint;
  /** Opens the page in a new context. */
  visit(): Promise<Page>;
}

/** Serves the recovery page to the tests of a file. At the start of each test, the endpoint accepts every request. */
export function useFormPage(): FormPage {
  const browser = useBrowser();
  let endpoint: ScriptedEndpoint | undefined;
  let host: RunningServer | undefined;

  beforeAll(async () => {
    endpoint = await startScriptedEndpoint();
    const page = buildRecoveryPage({ endpoint: endpoint.url, endpointOrigin: endpoint.origin });
    host = await hostPage(() => page);
  });
  beforeEach(() => {
    form.endpoint.nextResponse = ACCEPTED;
    form.endpoint.bodies.length = 0;
  });
  afterAll(async () => {
    await Promise.all([host?.close(), endpoint?.close()]);
  });

  const form: FormPage = {
    browser,
    get endpoint() {
      if (endpoint === undefined) throw new Error('The endpoint has not started.');
      return endpoint;
    },
    async visit() {
      if (host === undefined) throw new Error('The host has not started.');
      return browser.visit(`${asLocalhost(host.url)}/`);
    },
  };
  return form;
}

/** Enters an address and submits the form. */
export async function send(page: Page, address = ADDRESS): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
}

/** Records the events of the form. The returned function returns those so far. */
export async function recordEvents(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => {
    const recorded: unknown[] = [];
    Reflect.set(globalThis, 'recordedEvents', recorded);
    for (const type of ['recovery-requested', 'recovery-failed']) {
      document.addEventListener(type, (event) => {
        recorded.push(event instanceof CustomEvent && event.detail ? [type, event.detail] : [type]);
      });
    }
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'recordedEvents'));
}
