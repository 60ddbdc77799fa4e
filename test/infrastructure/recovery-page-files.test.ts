import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import {
  asDeployed,
  deployedFiles,
  distributionOf,
  ENDPOINT_ORIGIN,
  PAGE_ORIGIN,
  policyOf,
} from './deployed-page.ts';
import { EVERYTHING, environmentOf, onlyPropertiesOf, recoveryStack, recoveryTemplate } from './synthesis.ts';

const FUNCTION = 'RecoverUserFunction';

/** The maximum length of a Content-Security-Policy in a response headers policy, unless AWS raises it for the account. */
const MAXIMUM_POLICY_LENGTH = 1783;

const stack = recoveryStack({ recoveryPage: true });
const template = recoveryTemplate({ recoveryPage: true });

describe('the files of the recovery page', () => {
  test('may run its own script and call the endpoint, and nothing else', () => {
    const policy = policyOf(template);
    expect(policy).not.toContain('unsafe-');
    expect(policy).toContain("default-src 'none';");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${ENDPOINT_ORIGIN};`);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test('is revalidated by browsers each time, and cached by CloudFront for a minute', () => {
    template.hasResourceProperties('Custom::CDKBucketDeployment', {
      Prune: true,
      SystemMetadata: { 'cache-control': 'max-age=0, s-maxage=60, must-revalidate' },
      DistributionId: Match.absent(),
    });
    // CloudFront's own policy "CachingOptimized": no header, cookie or query string makes a copy of its own
    expect(distributionOf(template)['DefaultCacheBehavior']).toMatchObject({
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    });
  });

  test('responds to other names with a page that says so', () => {
    expect(distributionOf(template)['CustomErrorResponses']).toEqual([
      { ErrorCode: 403, ResponseCode: 404, ResponsePagePath: '/not-found.html' },
    ]);
    expect(deployedFiles(stack, template)['not-found.html']).toContain('<a href="/">');
  });

  test("is deployed with the endpoint's URL in it, and all that it loads", () => {
    const { 'index.html': html, ...others } = deployedFiles(stack, template);
    expect(html).toContain(`endpoint="${ENDPOINT_ORIGIN}/production/recover-user" resend-after="60"`);
    expect(html).toContain(`connect-src 'self' ${ENDPOINT_ORIGIN};`);
    expect(html).not.toMatch(/\$\{Token|<<marker|\{\{|captcha|site-key/);
    const loaded = [...(html ?? '').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name);
    expect(loaded.length).toBeGreaterThan(1);
    expect(Object.keys(others)).toEqual(expect.arrayContaining([...loaded, 'languages/de.js']));
  });

  test('leads back to sign-in and to support as recoveryPage says', () => {
    const recoveryPage = {
      signInUrl: 'https://app.example.com/sign-in?a=1&b=2',
      supportUrl: 'mailto:help@example.com',
    };
    const html = deployedFiles(recoveryStack({ recoveryPage }), recoveryTemplate({ recoveryPage }))[
      'index.html'
    ];
    expect(html).toContain('sign-in-url="https://app.example.com/sign-in?a=1&#38;b=2"');
    expect(html).toContain('support-url="mailto:help@example.com"');
  });

  test('calls the custom domain of the endpoint', () => {
    const withDomain = recoveryStack(EVERYTHING);
    const domainTemplate = recoveryTemplate(EVERYTHING);
    expect(policyOf(domainTemplate)).toMatch(/connect-src 'self' https:\/\/recovery\.example\.com[ ;]/);
    expect(deployedFiles(withDomain, domainTemplate)['index.html']).toContain(
      'endpoint="https://recovery.example.com/recover-user"',
    );
  });

  test.each([
    ['turnstile', undefined, 'turnstile', 'https://challenges.cloudflare.com'],
    ['hcaptcha', undefined, 'hcaptcha', 'https://hcaptcha.com'],
    ['recaptcha', undefined, 'recaptcha', 'https://www.google.com/recaptcha/'],
    ['recaptcha', 0.5, 'recaptcha-v3', 'https://www.google.com/recaptcha/'],
  ])(
    'shows the CAPTCHA of %s (least score: %p), and may load it',
    (provider, minimumScore, widget, source) => {
      const siteKey = '10000000-ffff-ffff-ffff-000000000001';
      const settings = {
        recoveryPage: true,
        captcha: { provider, siteKey, ...(minimumScore !== undefined && { minimumScore }) },
      };
      const checkedTemplate = recoveryTemplate(settings);
      expect(deployedFiles(recoveryStack(settings), checkedTemplate)['index.html']).toContain(
        `captcha="${widget}" site-key="${siteKey}"`,
      );
      const policy = policyOf(checkedTemplate);
      expect(policy).toMatch(new RegExp(`script-src 'self' ${source}`));
      expect(policy).not.toContain('unsafe-');
      expect(policy.length).toBeLessThanOrEqual(MAXIMUM_POLICY_LENGTH);
      expect(environmentOf(checkedTemplate, FUNCTION)['CAPTCHA_PROVIDER']).toBe(provider);
    },
  );

  test('is where the output says', () => {
    expect(asDeployed(template.findOutputs('RecoveryPageUrl')['RecoveryPageUrl']?.['Value'])).toBe(
      `${PAGE_ORIGIN}/`,
    );
  });

  test('is copied by a function that logs for as long as the others', () => {
    const short = recoveryTemplate({ recoveryPage: true, logRetentionDays: 7 });
    short.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    const [group = ''] = Object.keys(short.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('RecoveryPage'),
    );
    expect(onlyPropertiesOf(short, 'AWS::Logs::LogGroup', 'RecoveryPage')['RetentionInDays']).toBe(7);
    expect(
      onlyPropertiesOf(short, 'AWS::Lambda::Function', 'CustomCDKBucketDeployment')['LoggingConfig'],
    ).toEqual({ LogGroup: { Ref: group } });
  });
});
