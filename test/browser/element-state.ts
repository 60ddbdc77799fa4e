import type { Page } from 'playwright-core';

/** The tag name of an element. */
export type ElementName = 'recover-user-form' | 'complete-recovery';

/** Waits until the page's element is in a state. */
export async function inState(
  page: Page,
  state: string,
  element: ElementName = 'recover-user-form',
): Promise<void> {
  await page.waitForFunction(
    (selector) => document.querySelector(selector) !== null,
    `${element}:state(${state})`,
  );
}

/** Returns the focused text or ID within the element, and the text of its live region. */
export function focusAndAnnouncement(page: Page, element: ElementName = 'recover-user-form') {
  return page.evaluate((name) => {
    const root = document.querySelector(name)?.shadowRoot;
    const active = root?.activeElement;
    return [active?.textContent || active?.id, root?.querySelector('[role=status]')?.textContent];
  }, element);
}

/** Whether the page scrolls horizontally (WCAG 1.4.10). */
export function overflowsHorizontally(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
