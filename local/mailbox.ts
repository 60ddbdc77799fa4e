import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, splitTarget } from './http-server.ts';

/** A mail that the simulated tenant sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly recoveryLink: string;
}

/** Where simulated mails end up. */
export interface Mailbox {
  /** In the order of their arrival. */
  readonly mails: readonly Mail[];
  /** Adds a mail, received now. */
  deliver(mail: Omit<Mail, 'receivedAt'>): void;
}

/** An empty mailbox. */
export function createMailbox(): Mailbox {
  const mails: Mail[] = [];
  return {
    mails,
    deliver(mail) {
      mails.push({ ...mail, receivedAt: new Date().toISOString() });
    },
  };
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid GrayText; border-radius: 0.5rem; padding: 0.25rem 1rem; margin: 1rem 0; }
h2 { font-size: 1.125rem; margin: 0.5rem 0; }
code { overflow-wrap: anywhere; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Answers with the mails: as JSON for `.json` and for clients that ask for JSON, as a page for everybody else. */
export function answerMailbox(
  mails: readonly Mail[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const wantsJson = splitTarget(request).path.endsWith('.json') || acceptsJson(request.headers.accept ?? '');
  if (request.method !== 'GET') answerJson(response, 405, { message: 'Use GET' }, { Allow: 'GET' });
  else if (wantsJson) answerJson(response, 200, { mails }, { 'Cache-Control': 'no-store' });
  else answerPage(mails, response);
}

function answerPage(mails: readonly Mail[], response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(renderMailboxPage(mails));
}

/** The mailbox as an HTML page, newest mail first. Nothing of a mail is trusted to be free of markup. */
function renderMailboxPage(mails: readonly Mail[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated mailbox (${mails.length})</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Simulated mailbox</h1>
<p>Mails that the simulated Beyond Identity tenant sent, newest first. In production the link opens the tenant's
registration redirect URI, where the app registers a new credential. <a href="/mailbox">Reload</a></p>
${mails.length === 0 ? '<p>No mail yet.</p>' : mails.toReversed().map(renderMail).join('\n')}
</main>
</body>
</html>
`;
}

function renderMail(mail: Mail): string {
  const receivedAt = escapeHtml(mail.receivedAt);
  return `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p>To ${escapeHtml(mail.to)}, <time datetime="${receivedAt}">${receivedAt}</time></p>
<p><code>${escapeHtml(mail.recoveryLink)}</code></p>
</article>`;
}

function acceptsJson(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('text/html');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
