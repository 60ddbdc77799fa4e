import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-path.ts';

const SCREENSHOTS = fileURLToPath(new URL('screenshots', import.meta.url));

/** Longer than anything takes on a busy machine, shorter than the tests' own time, so that a failure says where it waited. */
const PATIENCE_MS = 15_000;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // nothing outside this machine is reached, whatever a page asks for
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** A browser for the tests of a file. */
export interface TestBrowser {
  /** A page of a new visitor, without anybody's cookies or credentials. */
  visit(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Waits for a problem that is meant to be, which then does not fail the test: a breach of a policy, an uncaught error. */
  expectProblem(pattern: RegExp): Promise<void>;
}

/** Gives the tests of a file a browser. A test fails if its pages had problems that it did not expect. */
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
    if (executablePath === undefined) throw new Error('There is no Chromium.');
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    await mkdir(SCREENSHOTS, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    // not taken out one by one: a policy that stands in both header and page is told of twice
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
      context.setDefaultTimeout(PATIENCE_MS);
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

/** Fails where axe finds something, in light and in dark, by the rules of WCAG 2.2 AA and good practice. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // through the protocol and not as a script of the page, which its policy would refuse
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() => axe.run(document));
    expect(passes.length).toBeGreaterThan(5);
    expect(summaryOf(violations)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

function summaryOf(violations: axe.Result[]): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** Writes what the page looks like, for people, into a folder that git ignores. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}
