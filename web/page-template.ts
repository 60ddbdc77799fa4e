import { pageTemplate } from '#page-files';
import { escapeHtml } from './escape-html.ts';

/** The values that `pages/page.html` is filled with. Policy, attribute values and script URLs are escaped. */
export interface PageContent {
  /** The Content-Security-Policy. */
  readonly policy: string;
  /** The name of the page's script, without extension. */
  readonly script: string;
  /** The English title. The script replaces it with one in the user's language. */
  readonly title: string;
  /** The tag name of the page's element. */
  readonly element: string;
  /** The attributes of the element. */
  readonly attributes: Readonly<Record<string, string>>;
  /** URLs of additional module scripts. */
  readonly scripts?: readonly string[] | undefined;
}

const FALLBACK_LINKS = [
  { attribute: 'support-url', text: 'Contact support' },
  { attribute: 'sign-in-url', text: 'Back to sign-in' },
] as const;

/** Returns the HTML of a page. */
export function renderPage({
  policy,
  script,
  title,
  element,
  attributes,
  scripts = [],
}: PageContent): string {
  // functions, because a replacement string expands patterns such as `$&`
  return pageTemplate()
    .replace('{{policy}}', () => escapeHtml(policy))
    .replace('{{script}}', `${script}.js`)
    .replace('<!-- title -->', `<title>${title}</title>`)
    .replace(
      '<!-- element -->',
      () =>
        `<${element} heading-level="1" ${renderAttributes(attributes)}>${renderFallback(attributes)}</${element}>`,
    )
    .replace('<!-- scripts -->', () => scripts.map(renderScript).join('\n'));
}

/** What the page shows while its script is blocked or JavaScript is off: the element hides its content once it is defined. */
function renderFallback(attributes: Readonly<Record<string, string>>): string {
  const links = FALLBACK_LINKS.flatMap(({ attribute, text }) => {
    const url = attributes[attribute];
    return url === undefined ? [] : [`<a href="${escapeHtml(url)}">${text}</a>`];
  });
  return `<div class="fallback">
        <h1>This page did not load</h1>
        <p>Switch on JavaScript, check your connection and reload the page.</p>
        ${links.length === 0 ? '' : `<p>${links.join('\n        ')}</p>`}
      </div>`;
}

function renderAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ');
}

function renderScript(url: string): string {
  return `<script type="module" src="${escapeHtml(url)}"></script>`;
}
