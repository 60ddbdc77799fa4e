import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-path.ts';

const SCREENSHOTS = fileURLToPath(new URL('screenshots', import.meta.url));

/** Longer than any step on a busy machine, and shorter than the test timeout, so that a failure names the step. */
const STEP_TIMEOUT_MS = 15_000;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // blocks requests to other hosts
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** The browser of a test file. */
export interface TestBrowser {
  /** Opens a page in a new context, without cookies or credentials. */
  visit(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Waits for an expected policy violation or uncaught error, which then does not fail the test. */
  expectProblem(pattern: RegExp): Promise<void>;
}

/** Launches a browser for a test file. A test fails if its pages report unexpected problems. */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const reported = new EventTarget();
  const report = (problem: string) => {
    problems.push(problem);
    reported.dispatchEvent(new Event('problem'));
  };

  beforeAll(async () => {
    const executablePath = chromiumPath();
    if (executablePath === undefined) throw new Error('Chromium is not installed.');
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    await mkdir(SCREENSHOTS, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    // one pattern may match several problems: a policy in both header and page reports a violation twice
    const isExpected = (problem: string) => expected.some((pattern) => pattern.test(problem));
    const unexpected = problems.splice(0).filter((problem) => !isExpected(problem));
    expected.length = 0;
    expect(unexpected).toEqual([]);
  });
  afterAll(() => browser.close());

  return {
    async visit(url, options) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
      await context.exposeFunction('reportProblem', report);
      await context.addInitScript(reportViolations);
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      const page = await context.newPage();
      page.on('pageerror', (error) => report(`uncaught: ${error.message}`));
      await page.goto(url);
      return page;
    },
    async expectProblem(pattern) {
      expected.push(pattern);
      while (!problems.some((problem) => pattern.test(problem))) await once(reported, 'problem');
    },
  };
}

/** Runs in the page. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    const report: unknown = Reflect.get(globalThis, 'reportProblem');
    if (typeof report === 'function') report(`policy: ${effectiveDirective} ${blockedURI}`);
  });
}

const APPEARANCES = [
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const;

/** Fails if axe finds a violation of WCAG 2.2 AA or of its best practices, in the light or the dark theme or in forced colors. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const appearance of APPEARANCES) {
    await page.emulateMedia(appearance);
    // `addScriptTag` would violate the policy of the page
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(
      (rules) => axe.run(document, { rules }),
      // axe compares the colors of the page, which the browser replaces
      { 'color-contrast': { enabled: appearance.forcedColors === 'none' } },
    );
    expect(passes.length).toBeGreaterThan(5);
    expect(summaryOf(violations)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
}

function summaryOf(violations: axe.Result[]): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** Saves a screenshot for manual review, in a folder that git ignores. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}
