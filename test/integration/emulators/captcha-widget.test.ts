import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  CAPTCHA_PROVIDERS,
  type CaptchaProvider,
} from '../../../functions/adapters/captcha/captcha-verifier.ts';
import {
  type CaptchaProviderEmulator,
  SIMULATED_CAPTCHA_SECRET,
  startCaptchaProvider,
  WIDGET_PATH,
} from '../../emulators/captcha/captcha-provider.ts';

const GLOBALS: Readonly<Record<CaptchaProvider, [name: string, functions: string[]]>> = {
  turnstile: ['turnstile', ['ready', 'remove', 'render', 'reset']],
  hcaptcha: ['hcaptcha', ['remove', 'render', 'reset']],
  recaptcha: ['grecaptcha', ['execute', 'ready', 'render', 'reset']],
};

let provider: CaptchaProviderEmulator;
afterEach(() => provider.close());

function verify(token: string) {
  return fetch(provider.verifyUrl, {
    method: 'POST',
    body: new URLSearchParams({ secret: SIMULATED_CAPTCHA_SECRET, response: token }),
  }).then((response) => response.json());
}

function tokensIn(script: string): string[] {
  const tokens: string[] = JSON.parse(/ISSUED_TOKENS = (\[[^\]]*\])/.exec(script)?.[1] ?? '[]');
  return tokens;
}

describe.each(Object.keys(GLOBALS))('the widget of %s', (name) => {
  const known = Object.keys(CAPTCHA_PROVIDERS).find((key): key is CaptchaProvider => key === name);
  if (known === undefined) throw new Error(`There is no ${name}.`);
  const [global, functions] = GLOBALS[known];

  test("is a classic script with the provider's interface, and calls onload", async () => {
    provider = await startCaptchaProvider({ provider: known });
    const url = `${provider.url}${WIDGET_PATH}?render=explicit&onload=isLoaded`;
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');

    const { promise, resolve } = Promise.withResolvers<void>();
    const page: Record<string, unknown> = {
      document: { currentScript: { getAttribute: () => url }, baseURI: 'http://localhost/' },
      isLoaded: resolve,
      queueMicrotask,
      URL,
    };
    const before = Object.keys(page);
    runInNewContext(await response.text(), page);
    await promise;
    expect(Object.keys(page).filter((key) => !before.includes(key))).toEqual([global]);
    expect(Object.keys(Object(page[global])).toSorted()).toEqual(functions);
  });

  test('issues new tokens per load, each of which passes once', async () => {
    provider = await startCaptchaProvider({ provider: known });
    const [first, second] = await Promise.all(
      [1, 2].map(async () => tokensIn(await (await fetch(provider.url + WIDGET_PATH)).text())[0]),
    );
    expect(first).not.toBe(second);
    expect(await verify(first ?? '')).toMatchObject({ success: true });
    expect(await verify(first ?? '')).toMatchObject({ success: false });
    expect(await verify(second ?? '')).toMatchObject({ success: true });
  });
});

test('a reCAPTCHA v3 token, loaded by its site key, has a score', async () => {
  provider = await startCaptchaProvider({ provider: 'recaptcha' });
  const script = await (await fetch(`${provider.url}${WIDGET_PATH}?render=site-key`)).text();
  expect(await verify(tokensIn(script)[0] ?? '')).toMatchObject({ success: true, score: 0.9 });
});

test("the widget's script accepts only GET and does not count as a verification", async () => {
  provider = await startCaptchaProvider({ provider: 'turnstile' });
  expect((await fetch(provider.url + WIDGET_PATH, { method: 'POST' })).status).toBe(405);
  expect(provider.requests).toEqual([]);
});
