import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Simulation, startSimulation, startV1Simulation } from '../../local/simulation.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { recordOutput } from '../integration/recorded-output.ts';
import { useBrowser } from './browser.ts';
import { addVirtualAuthenticator, NO_DELAYS } from './simulated-world.ts';

/** "Good" is up to 0.1 (https://web.dev/articles/cls). */
const LIMIT = 0.02;
/** A slow phone. */
const CPU_SLOWDOWN = 4;

const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;

const browser = useBrowser();

/** Opens a blank page on a slow machine; each document that it opens later records its shifts from the start. */
async function slowPage(viewport: (typeof VIEWPORTS)[number], hasAuthenticator = true): Promise<Page> {
  const page = await browser.visit('about:blank', { viewport });
  await page.addInitScript(recordShifts);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  if (hasAuthenticator) await addVirtualAuthenticator(page);
  return page;
}

/** Runs in the page. */
function recordShifts(): void {
  const shifts: string[] = [];
  let total = 0;
  Reflect.set(globalThis, 'layoutShifts', () => ({ total, shifts }));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (Reflect.get(entry, 'hadRecentInput') === true) continue;
      total += Number(Reflect.get(entry, 'value'));
      const sources = [...Reflect.get(entry, 'sources')].map(({ node, previousRect, currentRect }) => {
        const name = node instanceof Element ? `${node.localName}.${node.className}` : String(node?.nodeName);
        return `${name} ${previousRect.y}+${previousRect.height} to ${currentRect.y}+${currentRect.height}`;
      });
      shifts.push(`${Reflect.get(entry, 'value')}: ${sources.join(', ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** The layout shift of the document so far, once the panel is live and everything is drawn. */
async function shiftOf(page: Page): Promise<{ total: number; shifts: string[] }> {
  await page.locator('simulation-panel[data-live]').waitFor();
  return page.evaluate(async () => {
    // the observer gets its entries after the frame in which they happen
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    return Reflect.get(globalThis, 'layoutShifts')();
  });
}

async function expectStill(page: Page): Promise<void> {
  const { total, shifts } = await shiftOf(page);
  // the shifts name their elements in the message of a failure
  expect(total < LIMIT ? [] : shifts).toEqual([]);
}

describe.each([
  ['v0', startSimulation],
  ['v1', startV1Simulation],
] as const)('the pages of the simulation on %s', (platform, startPlatform) => {
  let simulation: Pick<Simulation, 'appUrl' | 'close'> & {
    readonly tenant: { readonly mails: readonly { readonly recoveryLink: string }[] };
  };
  let output: ReturnType<typeof recordOutput>;

  beforeAll(async () => {
    output = recordOutput();
    simulation = await startPlatform({
      port: await freePorts(),
      host: '127.0.0.1',
      // the response comes so late that the browser counts what it moves
      environment: { ...NO_DELAYS, RESPONSE_TIME_MS: '1000' },
    });
  });
  afterAll(async () => {
    await simulation.close();
    output.stop();
  });

  test.each(VIEWPORTS)('do not move while they load, at $width pixels', async (viewport) => {
    const page = await slowPage(viewport, platform === 'v0');
    for (const path of ['/', '/mailbox', '/sign-in']) {
      await page.goto(simulation.appUrl + path);
      await expectStill(page);
    }
  });

  test.each(VIEWPORTS)('do not move during a recovery, at $width pixels', async (viewport) => {
    const page = await slowPage(viewport, platform === 'v0');
    await page.goto(`${simulation.appUrl}/`);
    await page.getByLabel('Email address').fill('jane@example.com');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    await page.locator('[data-step="mailed"][data-state="done"]').waitFor();
    await expectStill(page);
    await page.goto(`${simulation.appUrl}/mailbox`);
    await expectStill(page);
    await page.goto(simulation.tenant.mails.at(-1)?.recoveryLink ?? '');
    await expectStill(page);
    await page.getByRole('button', { name: 'Set up this device' }).click();
    await page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor();
    await expectStill(page);
  });

  test('do not move on a device without an authenticator', async () => {
    const page = await slowPage(VIEWPORTS[0], false);
    for (const path of ['/', '/sign-in']) {
      await page.goto(simulation.appUrl + path);
      await expectStill(page);
    }
  });
});
