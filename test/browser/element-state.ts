import type { Page } from 'playwright-core';

/** Either of the project's elements. */
export type ElementName = 'recover-user-form' | 'complete-recovery';

/** Waits until the page's element is in a state. */
export function inState(
  page: Page,
  state: string,
  element: ElementName = 'recover-user-form',
): Promise<void> {
  return page.locator(`${element}[state="${state}"]`).waitFor();
}

/** What the keyboard would act on in the page's element, and what a screen reader has just said. */
export function focusAndAnnouncement(page: Page, element: ElementName = 'recover-user-form') {
  return page.evaluate((name) => {
    const root = document.querySelector(name)?.shadowRoot;
    const active = root?.activeElement;
    return [active?.textContent || active?.id, root?.querySelector('[role=status]')?.textContent];
  }, element);
}

/** Whether something sticks out to the side, so that one has to scroll in two directions (WCAG 1.4.10). */
export function sticksOut(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
