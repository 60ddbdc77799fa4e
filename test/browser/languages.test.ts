import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildRecoveryPage } from '../../web/build-recovery-page.ts';
import { bundleElement } from '../../web/bundle.ts';
import { directionOf, LANGUAGES, type Language } from '../../web/element/language.ts';
import { TEXTS } from '../unit/web/all-texts.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { overflowsHorizontally } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from './scripted-endpoint.ts';

const browser = useBrowser();
let endpoint: ScriptedEndpoint;
let readyPage: RunningServer;
let hostingPage: RunningServer;
let html = '';

beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  const page = buildRecoveryPage({ endpoint: endpoint.url, endpointOrigin: endpoint.origin });
  const scripts = bundleElement('recover-user-form');
  readyPage = await hostPage(() => page);
  hostingPage = await hostPage(() => ({ files: { 'index.html': html, ...scripts } }));
});
afterAll(async () => {
  await Promise.all([readyPage.close(), hostingPage.close(), endpoint.close()]);
});

/** Opens a host page with the given attributes of `<html>` and of the form. */
async function visitHostPage(
  pageAttributes: string,
  formAttributes: string,
  locale = 'en-GB',
): Promise<Page> {
  html = `<!doctype html><html ${pageAttributes}><meta charset="utf-8"><title>Shop</title>
    <script type="module" src="recover-user-form.js"></script>
    <main><recover-user-form endpoint="${endpoint.url}" ${formAttributes}></recover-user-form></main></html>`;
  return browser.visit(`${asLocalhost(hostingPage.url)}/`, { locale });
}

/** Returns the texts of the form in which the word "email", however it is spelled, takes two lines. */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const paragraphs = document.querySelector('recover-user-form')?.shadowRoot?.querySelectorAll('p, label');
    const texts = [...(paragraphs ?? [])].flatMap(({ firstChild }) =>
      firstChild instanceof Text ? [firstChild] : [],
    );
    return texts.flatMap((text) =>
      [...text.data.matchAll(/e[-\u2011]?mail/gi)].flatMap(({ index, 0: word }) => {
        const range = new Range();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8)));
        return lines.size > 1 ? [text.data] : [];
      }),
    );
  });
}

describe.each(LANGUAGES)('the ready page in %s', (language) => {
  const texts = TEXTS[language].form;

  async function visit(): Promise<Page> {
    return browser.visit(`${asLocalhost(readyPage.url)}/`, { locale: language });
  }

  test('uses the language of the browser', async () => {
    const page = await visit();
    await page.getByRole('heading', { name: texts.title }).waitFor();
    expect([await page.title(), await page.locator('html').getAttribute('lang')]).toEqual([
      texts.title,
      language,
    ]);
    expect(await page.locator('html').getAttribute('dir')).toBe(directionOf(language));
    await expectAccessible(page);
  });

  test('fits a narrow screen and text of twice the size in each state', async () => {
    const page = await visit();
    await page.setViewportSize({ width: 320, height: 600 });
    expect(await brokenWords(page)).toEqual([]);
    await page.getByLabel(texts.addressLabel).fill('jane');
    await page.getByRole('button').click();
    expect(await page.getByText(texts.invalidAddress).first().isVisible()).toBe(true);
    expect(await overflowsHorizontally(page)).toBe(false);
    await page.getByLabel(texts.addressLabel).fill(`${'a-very-long-name.'.repeat(8)}x@example.com`);
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: texts.sentTitle }).waitFor();
    expect(await overflowsHorizontally(page)).toBe(false);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await page.setViewportSize({ width: 640, height: 600 });
    expect(await overflowsHorizontally(page)).toBe(false);
    await expectAccessible(page);
    await screenshot(page, `sent-${language}`);
  });
});

test('lays out the form from right to left in Arabic, but not the address', async () => {
  const page = await browser.visit(`${asLocalhost(readyPage.url)}/?lang=ar`);
  const label = await page.getByText(TEXTS.ar.form.addressLabel, { exact: true }).boundingBox();
  const button = await page.getByRole('button').boundingBox();
  const main = await page.locator('main').boundingBox();
  const right = (box: typeof main) => (box ? box.x + box.width : Number.NaN);
  // short items are aligned to the right edge, within the same padding
  expect(right(label)).toBeCloseTo(right(button), 0);
  expect(right(main) - right(button)).toBeLessThan(40);
  expect(await page.getByRole('textbox').evaluate((input) => getComputedStyle(input).direction)).toBe('ltr');
  await screenshot(page, 'idle-ar');
});

describe('in a host page', () => {
  const headingIs = async (page: Page, language: Language) =>
    expect(await page.getByRole('heading').textContent()).toBe(TEXTS[language].form.title);

  test.each<[string, string, string, Language]>([
    ['of the page', 'lang="fr-CA"', '', 'fr'],
    ['of the form, which overrides that of the page', 'lang="fr"', 'lang="es"', 'es'],
    ['of the browser if the page declares none', '', '', 'pt-BR'],
    ['of the page in the simplified script', 'lang="zh-SG"', '', 'zh-Hans'],
    ['English if the page is written in the traditional script', 'lang="zh-TW"', '', 'en'],
    ['English if the declared one is not supported', 'lang="nl"', '', 'en'],
  ])('the form uses the language %s', async (_name, pageAttributes, formAttributes, language) => {
    const page = await visitHostPage(pageAttributes, formAttributes, 'pt-BR');
    await headingIs(page, language);
    const root = page.locator('recover-user-form .content');
    expect([await root.getAttribute('lang'), await root.getAttribute('dir')]).toEqual([language, 'ltr']);
  });

  test('the form follows a language change of the page and keeps the typed text and the focus', async () => {
    const page = await visitHostPage('lang="en"', '');
    await page.getByRole('textbox').pressSequentially('jane@');
    await page.evaluate(() => {
      document.documentElement.lang = 'ja';
    });
    await page.getByRole('heading', { name: TEXTS.ja.form.title }).waitFor();
    await page.keyboard.type('example.com');
    expect(await page.getByLabel(TEXTS.ja.form.addressLabel).inputValue()).toBe('jane@example.com');
  });

  test('the form follows a language change of an ancestor and its buttons keep the focus', async () => {
    const page = await visitHostPage('lang="en"', 'resend-after="0"');
    await page.getByRole('textbox').fill('jane@example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: TEXTS.en.form.resend }).focus();
    await page.locator('main').evaluate((main) => {
      main.setAttribute('lang', 'fr');
    });
    const button = page.getByRole('button', { name: TEXTS.fr.form.resend });
    await button.waitFor();
    expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true);
  });

  test('attributes override single texts, also later', async () => {
    const page = await visitHostPage('lang="de"', 'text-title="Schlüssel verloren?" heading-level="3"');
    expect(await page.getByRole('heading', { level: 3 }).textContent()).toBe('Schlüssel verloren?');
    expect(await page.getByRole('button').textContent()).toBe(TEXTS.de.form.submit);
    await page.locator('recover-user-form').evaluate((form) => form.setAttribute('text-submit', 'Los'));
    expect(await page.getByRole('button').textContent()).toBe('Los');
  });

  test('an overridden text is not parsed as markup', async () => {
    const page = await visitHostPage('lang="en"', 'text-title="&lt;img src=x onerror=alert(1)>"');
    expect(await page.getByRole('heading').textContent()).toBe('<img src=x onerror=alert(1)>');
  });

  test('the attribute email prefills the address', async () => {
    const page = await visitHostPage('lang="en"', 'email="jane@example.com"');
    expect(await page.getByRole('textbox').inputValue()).toBe('jane@example.com');
  });

  test('a later value of the attribute email does not replace a typed address', async () => {
    const page = await visitHostPage('lang="en"', '');
    const setEmail = (address: string) =>
      page.locator('recover-user-form').evaluate((form, email) => form.setAttribute('email', email), address);
    await setEmail('jane@example.com');
    expect(await page.getByRole('textbox').inputValue()).toBe('jane@example.com');
    await page.getByRole('textbox').fill('john@example.com');
    await setEmail('jim@example.com');
    expect(await page.getByRole('textbox').inputValue()).toBe('john@example.com');
  });
});
