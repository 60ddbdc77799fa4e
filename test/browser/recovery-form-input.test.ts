import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inState } from './element-state.ts';
import { ADDRESS, send, useFormPage } from './form-page.ts';

const form = useFormPage();

/** Pastes as the user does: the browser inserts the text, unless the page does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByLabel('Email address').focus();
  await page.keyboard.press('Control+V');
}

describe('a pasted address', () => {
  test.each([
    ['with a name', `Jane Doe <${ADDRESS}>`],
    ['as a mailto: URL', `mailto:${ADDRESS}?subject=Hi`],
    ['with invisible characters', `\u00a0\u200b${ADDRESS}\u200b`],
    ['with a full-width at sign', 'jane＠example.com'],
    ['as it is', ADDRESS],
  ])('%s can be sent at once', async (_name, text) => {
    const page = await form.visit();
    await paste(page, text);
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
    await page.keyboard.press('Enter');
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('replaces the selection only', async () => {
    const page = await form.visit();
    await page.getByLabel('Email address').fill('x@y');
    await page.getByLabel('Email address').selectText();
    await paste(page, `<${ADDRESS}>`);
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
  });
});

test('a typed address is cleaned when it is sent', async () => {
  const page = await form.visit();
  await send(page, ` Jane <jane＠example.com> `);
  await inState(page, 'sent');
  expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);
});

test('an international domain is shown as it was typed', async () => {
  const page = await form.visit();
  await send(page, 'jane@bücher.example');
  await inState(page, 'sent');
  expect(await page.getByText('jane@bücher.example').first().isVisible()).toBe(true);
  expect(form.endpoint.bodies).toEqual([{ email: 'jane@bücher.example' }]);
});

test('"Use another address" selects the old one, so that typing replaces it', async () => {
  const page = await form.visit();
  await send(page);
  await inState(page, 'sent');
  await page.getByRole('button', { name: 'Use another address' }).click();
  await page.keyboard.type('john@example.com');
  expect(await page.getByLabel('Email address').inputValue()).toBe('john@example.com');
});
