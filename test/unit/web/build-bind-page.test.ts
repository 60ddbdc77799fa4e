import { describe, expect, test } from '@jest/globals';
import { buildBindPage, buildCompletionPage } from '../../../web/build-link-pages.ts';
import { buildRecoveryPage } from '../../../web/build-recovery-page.ts';
import { bundleSdk, SDK_FILE } from '../../../web/bundle.ts';

const page = buildBindPage({
  authenticationUrls: ['/sign-in'],
  recoveryUrl: '/recover',
  signInUrl: '/start',
  supportUrl: 'mailto:help@example.com?subject="x"',
  sdkOrigins: ['https://api-eu.beyondidentity.com', 'https://auth-eu.beyondidentity.com'],
});
const policy = page.headers['Content-Security-Policy'] ?? '';

describe('the ready page bind.html', () => {
  test("may call the region's servers and evaluate code, and nothing else beyond the other pages", () => {
    expect(policy).toContain(
      "connect-src 'self' https://api-eu.beyondidentity.com https://auth-eu.beyondidentity.com;",
    );
    expect(policy).toContain("script-src 'self' 'unsafe-eval';");
    expect(policy).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/unsafe-inline|\*|data:|blob:/);
  });

  test('has the element with its attributes, escaped', () => {
    expect(page.files['bind.html']).toContain(
      'authentication-urls="/sign-in" recovery-url="/recover" link-parameter="token" sign-in-url="/start" support-url="mailto:help@example.com?subject=&#34;x&#34;"',
    );
  });

  test('comes with the wiring, which names the hosts that a token may go to and does not contain the SDK', () => {
    const wiring = page.files['register-credential.js'] ?? '';
    expect(wiring).toContain('["api-eu.beyondidentity.com","auth-eu.beyondidentity.com"]');
    expect(wiring).toContain(SDK_FILE);
    expect(wiring.length).toBeLessThan(5_000);
    expect(page.files).not.toHaveProperty([SDK_FILE]);
  });

  test('comes with a file of the SDK that exports the class Embedded', () => {
    expect(bundleSdk()).toMatch(/ as Embedded\};?\s*$/);
  });
});

test('the other ready pages lead back and to support, if they are told where', () => {
  const links = { signInUrl: '/sign-in', supportUrl: 'tel:+123' };
  const expected = 'sign-in-url="/sign-in" support-url="tel:+123"';
  const endpoint = 'https://recovery.example.com/recover-user';
  const recovery = buildRecoveryPage({ endpoint, endpointOrigin: 'https://recovery.example.com', ...links });
  expect(recovery.files['index.html']).toContain(expected);
  const completion = { authenticationUrls: ['/sign-in'], recoveryUrl: '/recover', connectOrigins: [] };
  expect(buildCompletionPage({ ...completion, ...links }).files['register.html']).toContain(expected);
  expect(buildCompletionPage(completion).files['register.html']).not.toMatch(/sign-in-url|support-url/);
});
