import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml } from '../../web/escape-html.ts';
import { sendJson, splitTarget } from '../http-server.ts';
import { RECOVERY_PAGE_PATH } from '../paths.ts';
import type { Mail } from './mailbox.ts';

const STYLE = `
:root {
  color-scheme: light dark;
  --background: light-dark(#f4f6fa, #10141c);
  --surface: light-dark(#ffffff, #1a202c);
  --text: light-dark(#161b26, #e8ecf4);
  --quiet: light-dark(#4a5263, #b4bccb);
  --border: light-dark(#c3c9d6, #3a4356);
  --accent: light-dark(#1d4ed8, #8ab4ff);
  --on-accent: light-dark(#ffffff, #0b1220);
}
body { margin: 0; padding: 1rem; background: var(--background); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-inline-size: 44rem; margin-inline: auto; }
h1 { font-size: 1.5rem; }
h2 { display: inline; font-size: 1rem; font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ol { margin: 0; padding: 0; list-style: none; border: 1px solid var(--border); border-radius: 0.5rem; background: var(--surface); overflow-wrap: anywhere; }
li + li { border-block-start: 1px solid var(--border); }
summary { padding: 0.625rem 1rem; cursor: pointer; }
summary:hover h2 { text-decoration: underline; }
summary span, summary time { margin-inline-start: 0.75rem; }
summary span, summary time, .note { color: var(--quiet); }
.mail { padding: 0 1.5rem 0.5rem; border-block-start: 1px solid var(--border); }
.button { display: inline-block; padding: 0.625rem 1.25rem; border-radius: 0.5rem; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The page may only load files of its own origin. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
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

const time = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/**
 * Sends the emails: as JSON for `.json` and for clients that accept JSON, otherwise as a page. The page loads the module
 * scripts at these URLs of its own origin, and works without them.
 */
export function serveMailbox(
  mails: readonly Mail[],
  request: IncomingMessage,
  response: ServerResponse,
  scripts: readonly string[] = [],
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendJson(response, 405, { message: 'Use GET' }, { Allow: 'GET, HEAD' });
    return;
  }
  const wantsJson = splitTarget(request).path.endsWith('.json') || acceptsJson(request.headers.accept ?? '');
  if (wantsJson) sendJson(response, 200, { mails }, { 'Cache-Control': 'no-store' });
  else response.writeHead(200, HEADERS).end(renderMailboxPage(mails, scripts));
}

function acceptsJson(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('text/html');
}

/**
 * The mailbox as an HTML page, newest email first and expanded. Every value of an email is escaped. The body's `data-mails` is
 * the number of emails.
 */
function renderMailboxPage(mails: readonly Mail[], scripts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated mailbox (${mails.length})</title>
<link rel="icon" href="/icon.svg">
<style>${STYLE}</style>
${scripts.map((url) => `<script type="module" src="${escapeHtml(url)}"></script>`).join('\n')}
</head>
<body data-mails="${mails.length}">
<main>
<h1>Simulated mailbox</h1>
<p class="note">All emails from the simulated Beyond Identity tenant, newest first.
<a href="${RECOVERY_PAGE_PATH}">Recover an account</a></p>
${mails.length === 0 ? '<p>No emails yet.</p>' : renderInbox(mails)}
</main>
</body>
</html>
`;
}

/** Safari does not expose a list without bullets as a list unless it has the role. */
function renderInbox(mails: readonly Mail[]): string {
  const newestFirst = mails.toReversed();
  return `<ol role="list">
${newestFirst.map((mail, index) => `<li>${renderMail(mail, index === 0)}</li>`).join('\n')}
</ol>`;
}

/** The entry in the inbox, which expands to the email. */
function renderMail(mail: Mail, isOpen: boolean): string {
  return `<details${isOpen ? ' open' : ''}>
<summary><h2>${escapeHtml(mail.subject)}</h2> <span>to ${escapeHtml(mail.to)}</span> ${renderTime(mail.receivedAt)}</summary>
<div class="mail">
<p class="note">From ${escapeHtml(mail.from)}</p>
<p>Hello ${escapeHtml(mail.name)},</p>
<p>we received a request to recover your account. Open this link on the device that you want to sign in with:</p>
<p>${renderLink(mail.recoveryLink)}</p>
<p>The link works once, until ${renderTime(mail.linkExpiresAt)}.</p>
<p class="note">If you did not request this, ignore this email. Nothing changes unless you open the link and confirm.</p>
</div>
</details>`;
}

/** A `javascript:` URL must never become a link. */
function renderLink(link: string): string {
  const protocol = URL.canParse(link) ? new URL(link).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') return escapeHtml(link);
  return `<a class="button" href="${escapeHtml(link)}">Recover my account</a>`;
}

/** In the time zone of this machine, which is also the user's. */
function renderTime(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(time.format(new Date(iso)))}</time>`;
}
