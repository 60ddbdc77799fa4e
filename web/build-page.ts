import { pageFiles } from '#page-files';
import { contentSecurityPolicy, type PolicyOptions } from './content-security-policy.ts';
import { type PageContent, renderPage } from './page-template.ts';

/** The files of a page and their response headers. */
export interface BuiltPage {
  /** Contents by file name. The HTML uses relative URLs, so the page works in any folder. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * Headers that the server should send with each file. For hosts that cannot send headers, the HTML contains the policy too,
   * except `frame-ancestors`, which browsers ignore there.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of all pages. */
export interface PageOptions {
  /** The page to go back to. */
  readonly signInUrl?: string | undefined;
  /** Where a user finds help: a page, a `mailto:` or a `tel:` URL. */
  readonly supportUrl?: string | undefined;
  /** URLs of additional module scripts. */
  readonly scripts?: readonly string[];
}

/** The attributes of an element that lead elsewhere. */
export function linkAttributes({ signInUrl, supportUrl }: PageOptions): Record<string, string> {
  return {
    ...(signInUrl !== undefined && { 'sign-in-url': signInUrl }),
    ...(supportUrl !== undefined && { 'support-url': supportUrl }),
  };
}

/** Builds a page: its HTML under this name, the files that it loads, and their headers. */
export function buildPage(
  html: string,
  content: Omit<PageContent, 'policy'>,
  policyOptions: PolicyOptions,
): BuiltPage {
  const policy = contentSecurityPolicy(policyOptions);
  return {
    files: {
      [html]: renderPage({ ...content, policy }),
      ...pageFiles(content.script),
    },
    headers: {
      'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Strict-Transport-Security': 'max-age=31536000',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
  };
}
