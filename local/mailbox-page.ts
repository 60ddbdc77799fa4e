import { createHash } from 'node:crypto';
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
h2 { font-size: 1.25rem; margin-block: 0 0.5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ol { margin: 0; padding: 0; list-style: none; border: 1px solid var(--border); border-radius: 0.5rem; background: var(--surface); }
nav li + li { border-block-start: 1px solid var(--border); }
nav a { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.625rem 1rem; color: inherit; text-decoration: none; }
nav a:hover strong { text-decoration: underline; }
nav a time { margin-inline-start: auto; }
nav span, nav time, dt, .note { color: var(--quiet); }
article { margin-block: 1.5rem; padding: 1.5rem; border: 1px solid var(--border); border-radius: 0.5rem; background: var(--surface); overflow-wrap: anywhere; }
article header { border-block-end: 1px solid var(--border); padding-block-end: 0.75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 0.75rem; margin: 0; }
dd { margin: 0; }
.button { display: inline-block; padding: 0.625rem 1.25rem; border-radius: 0.5rem; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What the page is sent with: it loads nothing but files of its own origin. */
export const MAILBOX_PAGE_HEADERS = {
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
  timeStyle: 'short',
  hourCycle: 'h23',
});

/**
 * The mailbox as an HTML page, newest mail first. Nothing of a mail is trusted to be free of markup. How many mails it shows
 * stands in the body's `data-mails`.
 */
export function renderMailboxPage(mails: readonly Mail[], scripts: readonly string[]): string {
  const newestFirst = mails.map((mail, index) => ({ mail, id: `mail-${index + 1}` })).toReversed();
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
<p class="note">Everybody's mails from the simulated Beyond Identity tenant, newest first.
<a href="/">Recover an account</a></p>
${mails.length === 0 ? '<p>No mail yet.</p>' : renderInbox(newestFirst)}
</main>
</body>
</html>
`;
}

interface ShownMail {
  readonly mail: Mail;
  readonly id: string;
}

function renderInbox(mails: readonly ShownMail[]): string {
  return `<nav aria-label="Inbox"><ol>
${mails.map(renderEntry).join('\n')}
</ol></nav>
${mails.map(renderMail).join('\n')}`;
}

function renderEntry({ mail, id }: ShownMail): string {
  return `<li><a href="#${id}"><strong>${escapeHtml(mail.subject)}</strong> <span>to ${escapeHtml(mail.to)}</span>
${renderTime(mail.receivedAt)}</a></li>`;
}

function renderMail({ mail, id }: ShownMail): string {
  return `<article id="${id}" aria-labelledby="${id}-subject">
<header>
<h2 id="${id}-subject">${escapeHtml(mail.subject)}</h2>
<dl>
<dt>From</dt><dd>${escapeHtml(mail.from)}</dd>
<dt>To</dt><dd>${escapeHtml(mail.to)}</dd>
<dt>Received</dt><dd>${renderTime(mail.receivedAt)}</dd>
</dl>
</header>
<p>Hello ${escapeHtml(mail.name)},</p>
<p>somebody asked to recover your account, hopefully you. Open this link on the device with which you want to sign in from
now on:</p>
<p>${renderLink(mail.recoveryLink)}</p>
<p>The link works once, until ${renderTime(mail.linkExpiresAt)}.</p>
<p class="note">If this was not you, ignore this mail. Nothing changes unless the link is opened.</p>
</article>`;
}

/** A `javascript:` URL is not to be clicked on, whoever wrote it. */
function renderLink(link: string): string {
  const protocol = URL.canParse(link) ? new URL(link).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') return escapeHtml(link);
  return `<a class="button" href="${escapeHtml(link)}">Recover my account</a>`;
}

/** In the time zone of this machine, which is the person's who looks at the page. */
function renderTime(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(time.format(new Date(iso)))}</time>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
