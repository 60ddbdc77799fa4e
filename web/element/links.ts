import { webUrl } from '../web-url.ts';
import { create } from './create.ts';

/** A link of an element: its text, and the URL, which is absent if the page gives none or an unsafe one. */
export interface Link {
  readonly text: string;
  readonly url: URL | undefined;
}

/** The URL in an attribute of an element, if it is safe to open: see {@link webUrl}. */
export function linkedPage(element: Element, attribute: string): URL | undefined {
  const text = element.getAttribute(attribute);
  return text === null ? undefined : webUrl(text, document.baseURI);
}

/** The URL in the attribute `support-url`: a page, a `mailto:` or a `tel:` URL. */
export function supportUrl(element: Element): URL | undefined {
  const text = element.getAttribute('support-url') ?? '';
  const isCall = /^(mailto|tel):./i.test(text) && URL.canParse(text);
  return isCall ? new URL(text) : linkedPage(element, 'support-url');
}

/** A link that looks like a button; absent without a URL. */
export function linkButton({ text, url }: Link, className = 'button'): HTMLElement | undefined {
  return url && anchor(url, { class: className, part: 'button' }, text);
}

/** The links below a view; absent if none has a URL. */
export function footer(...links: readonly Link[]): HTMLElement | undefined {
  const anchors = links.flatMap(({ text, url }) => (url ? [anchor(url, { part: 'link' }, text)] : []));
  return anchors.length === 0 ? undefined : create('div', { class: 'footer', part: 'footer' }, ...anchors);
}

/** The URL of the page may be a secret link, or hold an address. */
function anchor(url: URL, attributes: Readonly<Record<string, string>>, text: string): HTMLElement {
  return create('a', { ...attributes, href: url.href, referrerpolicy: 'no-referrer' }, text);
}
