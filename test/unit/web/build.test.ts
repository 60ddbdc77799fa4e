import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { buildCompletionPage } from '../../../web/build-link-pages.ts';
import { buildRecoveryPage } from '../../../web/build-recovery-page.ts';
import { bundleElement } from '../../../web/bundle.ts';
import { LANGUAGES } from '../../../web/element/language.ts';
import { CAPTCHA_PROVIDERS, type CaptchaProvider } from '../../../web/recover-user-form/captcha-provider.ts';

const ENDPOINT = 'https://recovery.example.com/recover-user';
const recovery = (provider?: CaptchaProvider) =>
  buildRecoveryPage({
    endpoint: ENDPOINT,
    endpointOrigin: 'https://recovery.example.com',
    captcha: provider && { provider, siteKey: 'site-key' },
  });
const completion = buildCompletionPage({
  authenticationUrls: ['/sign-in', 'https://admin.example.com/?a=1&b="x"'],
  recoveryUrl: 'index.html',
  linkParameter: 'token',
  connectOrigins: ['https://api.byndid.com'],
});

function directives(policy: string | undefined): Record<string, string> {
  return Object.fromEntries((policy ?? '').split('; ').map((directive) => directive.split(/ (.*)/s)));
}

test.each([
  ['recover-user-form', 10_240],
  ['complete-recovery', 7_500],
] as const)(
  'the script of <%s> stays within its size budget, and so does every language',
  (name, maximumBytes) => {
    const { [`${name}.js`]: script = '', ...others } = bundleElement(name);
    expect(gzipSync(script).length).toBeLessThan(maximumBytes);
    expect(script).not.toMatch(/innerHTML|\beval\(|document\.write/);
    expect(Object.keys(others).sort()).toEqual(
      LANGUAGES.filter((language) => language !== 'en')
        .map((language) => `languages/${language}.js`)
        .sort(),
    );
    for (const texts of Object.values(others)) expect(gzipSync(texts).length).toBeLessThan(2_048);
    // the user downloads the script and at most one language
    expect(maximumBytes + 2_048).toBeLessThanOrEqual(12_288);
  },
);

describe('a ready page', () => {
  test.each([
    ['index.html', recovery()],
    ['register.html', completion],
  ])('%s loads only its own files and has a policy without exceptions', (html, { files, headers }) => {
    const page = files[html] ?? '';
    const policy = headers['Content-Security-Policy'] ?? '';
    expect(policy).not.toMatch(/unsafe|\*|data:|https?: /);
    expect(directives(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
    });
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(loaded.length).toBeGreaterThan(2);
    for (const url of loaded) expect(Object.keys(files)).toContain(url);
    expect(page).not.toMatch(/<script(?![^>]* src=)|style=| on\w+=|\{\{|<!-- /);
    // the policy in the page is for hosts that send no headers; `frame-ancestors` works only in a header
    const inPage = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    expect(`${inPage}; frame-ancestors 'none'`).toBe(policy);
  });

  test('for recovery contains the endpoint and may call it', () => {
    const { files, headers } = recovery();
    expect(files['index.html']).toContain(` endpoint="${ENDPOINT}"`);
    expect(directives(headers['Content-Security-Policy'])['connect-src']).toBe(
      "'self' https://recovery.example.com",
    );
  });

  test('for completion contains its configuration, escaped', () => {
    const page = completion.files['register.html'];
    expect(page).toContain('authentication-urls="/sign-in https://admin.example.com/?a=1&#38;b=&#34;x&#34;"');
    expect(page).toContain('recovery-url="index.html" link-parameter="token"');
    expect(directives(completion.headers['Content-Security-Policy'])['connect-src']).toBe(
      "'self' https://api.byndid.com",
    );
  });

  test('for completion allows unsafe-eval only with allowUnsafeEval', () => {
    const { headers } = buildCompletionPage({
      authenticationUrls: ['/sign-in'],
      recoveryUrl: 'index.html',
      connectOrigins: [],
      allowUnsafeEval: true,
    });
    const policy = directives(headers['Content-Security-Policy']);
    expect(policy).toMatchObject({ 'default-src': "'none'", 'script-src': "'self' 'unsafe-eval'" });
    expect(policy).not.toHaveProperty('require-trusted-types-for');
  });

  test.each(CAPTCHA_PROVIDERS)(
    'with the CAPTCHA of %s allows its scripts and frames, and nothing inline',
    (provider) => {
      const { files, headers } = recovery(provider);
      const policy = headers['Content-Security-Policy'] ?? '';
      expect(files['index.html']).toContain(`captcha="${provider}" site-key="site-key"`);
      expect(policy).not.toMatch(/unsafe/);
      expect(directives(policy)['script-src']).toMatch(/^'self' https:/);
      expect(directives(policy)['frame-src']).toMatch(/^https:/);
      expect(directives(policy)).not.toHaveProperty('require-trusted-types-for');
    },
  );
});

test('the style sheet of the pages loads nothing else', () => {
  const css = readFileSync(new URL('../../../web/pages/page.css', import.meta.url), 'utf8');
  expect(css).not.toMatch(/@import|url\(/);
});
