import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml } from '../../web/escape-html.ts';
import { sendJson, splitTarget } from '../http-server.ts';
import { MAILBOX_PATH, RECOVERY_PAGE_PATH } from '../paths.ts';
import type { Mail } from './mailbox.ts';
import { MAILBOX_STYLE } from './mailbox-style.ts';

const STYLE_HASH = createHash('sha256').update(MAILBOX_STYLE).digest('base64');

/** The page may only load files of its own origin. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'self' 'sha256-${STYLE_HASH}'`,
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** In the time zone of this machine, which is also the user's. */
const dateAndTime = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const timeOfDay = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** The query parameter with the number of the open email, from 1 in the order of arrival. */
const MAIL_PARAMETER = 'mail';

/** The emails that the page shows. */
export interface ShownMailbox {
  /** In the order of arrival. */
  readonly mails: readonly Mail[];
  /** Identifies the recovery request that an email belongs to, if known: a second email of one request is a double. */
  readonly requestOf?: (mail: Mail) => number | undefined;
}

/** What a host adds to the page. */
export interface MailboxPageOptions {
  /** Module scripts, as URLs of the page's own origin. The page works without them. */
  readonly scripts?: readonly string[];
  /** Adds to the HTML, such as files of the page's own origin. */
  readonly decorate?: (html: string) => string;
}

/** An email with its place in the mailbox. */
interface Entry {
  readonly mail: Mail;
  /** From 1 in the order of arrival. */
  readonly number: number;
  /** From 1 among the emails of its request. */
  readonly copy: number;
}

/** Sends the emails: as JSON for `.json` and for clients that accept JSON, otherwise as a page. */
export function serveMailbox(
  mailbox: ShownMailbox,
  request: IncomingMessage,
  response: ServerResponse,
  { scripts = [], decorate = (html) => html }: MailboxPageOptions = {},
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendJson(response, 405, { message: 'Use GET' }, { Allow: 'GET, HEAD' });
    return;
  }
  const { path, query } = splitTarget(request);
  const { mails } = mailbox;
  if (path.endsWith('.json') || acceptsJson(request.headers.accept ?? '')) {
    sendJson(response, 200, { mails }, { 'Cache-Control': 'no-store' });
    return;
  }
  const open = Number(new URLSearchParams(query).get(MAIL_PARAMETER) ?? mails.length);
  response.writeHead(200, HEADERS).end(decorate(renderMailboxPage(entriesOf(mailbox), open, scripts)));
}

function acceptsJson(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('text/html');
}

/** Newest first. */
function entriesOf({ mails, requestOf = () => undefined }: ShownMailbox): readonly Entry[] {
  const copies = new Map<string, number>();
  return mails
    .map((mail, index) => {
      const request = requestOf(mail);
      const key = JSON.stringify([mail.to, request]);
      const copy = request === undefined ? 1 : (copies.get(key) ?? 0) + 1;
      copies.set(key, copy);
      return { mail, number: index + 1, copy };
    })
    .toReversed();
}

/**
 * The mailbox as an HTML page: a list of links, each of which opens an email, and the open email. Every value of an email is
 * escaped. The body's `data-mails` is the number of emails.
 */
function renderMailboxPage(
  entries: readonly Entry[],
  openNumber: number,
  scripts: readonly string[],
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated mailbox (${entries.length})</title>
<link rel="icon" href="/icon.svg">
<style>${MAILBOX_STYLE}</style>
${scripts.map((url) => `<script type="module" src="${escapeHtml(url)}"></script>`).join('\n')}
</head>
<body data-mails="${entries.length}">
<main>
<h1>Simulated mailbox</h1>
<p class="note">All emails from the simulated Beyond Identity tenant. <a href="${RECOVERY_PAGE_PATH}">Recover an account</a></p>
${renderClient(entries, openNumber)}
</main>
</body>
</html>
`;
}

function renderClient(entries: readonly Entry[], openNumber: number): string {
  const open = entries.find(({ number }) => number === openNumber) ?? entries[0];
  if (open === undefined) return '<p>No emails yet.</p>';
  // Safari does not expose a list without bullets as a list unless it has the role
  return `<div class="client">
<nav class="list" aria-label="Emails, newest first"><ol role="list">
${entries.map((entry) => `<li>${renderEntry(entry, entry === open)}</li>`).join('\n')}
</ol></nav>
${renderMail(open)}
</div>`;
}

function renderEntry({ mail, number, copy }: Entry, isOpen: boolean): string {
  const { name } = senderOf(mail);
  return `<a href="${MAILBOX_PATH}?${MAIL_PARAMETER}=${number}"${isOpen ? ' aria-current="page"' : ''}>${renderAvatar(name)}
<span class="sender">${escapeHtml(name)}</span>
<span class="subject">${escapeHtml(mail.subject)}</span> ${renderTime(mail.receivedAt, timeOfDay)}
<span class="to">to ${escapeHtml(mail.to)} ${renderCopy(copy)}</span></a>`;
}

function renderMail({ mail, copy }: Entry): string {
  const { name, address } = senderOf(mail);
  const sender = address === name ? '' : ` <span class="address">&lt;${escapeHtml(address)}&gt;</span>`;
  return `<article aria-labelledby="subject">
<h2 id="subject">${escapeHtml(mail.subject)}</h2>
<header>${renderAvatar(name)}
<dl>
<dt>From</dt><dd><span class="sender">${escapeHtml(name)}</span>${sender}</dd>
<dt>To</dt><dd>${escapeHtml(mail.name)} &lt;${escapeHtml(mail.to)}&gt;</dd>
<dt>Date</dt><dd>${renderTime(mail.receivedAt, dateAndTime)}</dd>
</dl></header>
${copy > 1 ? `<p>${renderCopy(copy)} The tenant sent it although one was sent before: a response was lost or late.</p>` : ''}
<p>Hello ${escapeHtml(mail.name)},</p>
<p>we received a request to recover your account. Open this link on the device that you want to sign in with:</p>
<p>${renderLink(mail.recoveryLink)}</p>
<p>The link works once, until ${renderTime(mail.linkExpiresAt, dateAndTime)}.</p>
<p class="note">If you did not request this, ignore this email. Nothing changes unless you open the link and confirm.</p>
</article>`;
}

/** The display name and the address of a sender (RFC 5322, section 3.4); the address stands for a missing name. */
function senderOf({ from }: Mail): { readonly name: string; readonly address: string } {
  const [, name = from, address = from] = /^(.+) <([^<>]+)>$/.exec(from) ?? [];
  return { name, address };
}

function renderAvatar(name: string): string {
  const [initial = ''] = name;
  return `<span class="avatar" aria-hidden="true">${escapeHtml(initial.toUpperCase())}</span>`;
}

function renderCopy(copy: number): string {
  return copy > 1 ? `<span class="copy">Email ${copy} of the same request</span>` : '';
}

/** A `javascript:` URL must never become a link. */
function renderLink(link: string): string {
  const protocol = URL.canParse(link) ? new URL(link).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') return escapeHtml(link);
  return `<a class="button" href="${escapeHtml(link)}">Recover my account</a>`;
}

function renderTime(iso: string, format: Intl.DateTimeFormat): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(format.format(new Date(iso)))}</time>`;
}
