import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { form as german } from '../../web/languages/de.ts';
import { type TestBrowser, useBrowser } from '../browser/browser.ts';
import { inState } from '../browser/element-state.ts';
import { asLocalhost } from '../browser/page-host.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../browser/scripted-endpoint.ts';
import { hostFolder } from './folder-host.ts';
import { type Example, makeProject, type Project } from './project.ts';

/** What the examples have in place of an endpoint. */
const PLACEHOLDER = 'https://EndpointUrl-of-the-stack/recover-user';

/** Replaces the examples' call of the SDK, in both languages. The browser keeps the link while it loads the sign-in page. */
const RECORDING_CALLBACKS = {
  js: "export const registerCredential = async (link) => sessionStorage.setItem('registered link', link.href);",
  ts: "export const registerCredential = async (link: URL) => sessionStorage.setItem('registered link', link.href);",
} as const;

const ADDRESS = 'jane@example.com';

/** An example that is installed, built and served. */
export interface BuiltExample {
  readonly browser: TestBrowser;
  /** Throws before the first test has started. */
  readonly project: Project;
  /** Opens a page in a new context. A problem that its console reports fails the test. */
  visit(path: string): Promise<Page>;
  /** Requests a recovery link on the page. Fails unless the endpoint receives the request and the form says so. */
  requestLink(page: Page): Promise<void>;
  /** Changes the language of the page. Fails unless the form loads its texts in this language. */
  switchToGerman(page: Page): Promise<void>;
  /** Confirms on the page that a link opens. Fails unless the callback receives the link and the browser opens the sign-in page. */
  completeRecovery(page: Page): Promise<void>;
}

/** Builds an example for the tests of a file. `build` resolves with the folder to serve. */
export function useExample(
  example: Example,
  build: (project: Project, endpoint: string) => Promise<string>,
): BuiltExample {
  const browser = useBrowser();
  let project: Project | undefined;
  let endpoint: ScriptedEndpoint | undefined;
  let host: RunningServer | undefined;
  const messages: string[] = [];

  beforeAll(async () => {
    endpoint = await startScriptedEndpoint();
    project = await makeProject(example);
    await fillIn(project.folder, endpoint.url);
    await project.install();
    host = await hostFolder(await build(project, endpoint.url));
  });
  beforeEach(() => {
    messages.length = 0;
  });
  afterAll(async () => {
    await Promise.all([host?.close(), endpoint?.close(), project?.remove()]);
  });

  return {
    browser,
    get project() {
      if (project === undefined) throw new Error('The project is not built.');
      return project;
    },
    async visit(path) {
      const page = await browser.visit('about:blank');
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') messages.push(message.text());
      });
      await page.goto(`${asLocalhost(host?.url ?? '')}${path}`);
      return page;
    },
    async requestLink(page) {
      await page.getByLabel('Email address').fill(ADDRESS);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await inState(page, 'sent');
      expect(endpoint?.bodies.splice(0)).toEqual([{ email: ADDRESS }]);
      expect(messages).toEqual([]);
    },
    async switchToGerman(page) {
      await page.evaluate(() => {
        document.documentElement.lang = 'de';
      });
      await page.getByRole('heading', { name: german.title }).waitFor();
      expect(messages).toEqual([]);
    },
    async completeRecovery(page) {
      const link = page.url();
      await inState(page, 'asking', 'complete-recovery');
      await page.getByRole('button', { name: 'Set up this device' }).click();
      await page.waitForURL('**/sign-in');
      expect(await page.evaluate(() => sessionStorage.getItem('registered link'))).toBe(link);
      expect(messages).toEqual([]);
    },
  };
}

async function fillIn(folder: string, endpointUrl: string): Promise<void> {
  for await (const name of glob('**/*.{html,jsx,tsx,vue}', { cwd: folder })) {
    const path = join(folder, name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(PLACEHOLDER, endpointUrl));
  }
  for (const [extension, contents] of Object.entries(RECORDING_CALLBACKS)) {
    for await (const name of glob(`**/register-credential.${extension}`, { cwd: folder })) {
      await writeFile(join(folder, name), contents);
    }
  }
}
