import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, splitTarget } from '../http-server.ts';
import { MAILBOX_PAGE_HEADERS, renderMailboxPage } from './mailbox-page.ts';

/** A mail that the simulated tenant sent. Times are in ISO 8601, UTC. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  /** Of the person to whom it is written. */
  readonly name: string;
  readonly subject: string;
  readonly receivedAt: string;
  readonly recoveryLink: string;
  readonly linkExpiresAt: string;
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

/**
 * Answers with the mails: as JSON for `.json` and for clients that ask for JSON, as a page for everybody else. The page loads
 * the module scripts at these URLs of its own origin, and does without them as well.
 */
export function answerMailbox(
  mails: readonly Mail[],
  request: IncomingMessage,
  response: ServerResponse,
  scripts: readonly string[] = [],
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answerJson(response, 405, { message: 'Use GET' }, { Allow: 'GET, HEAD' });
    return;
  }
  const wantsJson = splitTarget(request).path.endsWith('.json') || acceptsJson(request.headers.accept ?? '');
  if (wantsJson) answerJson(response, 200, { mails }, { 'Cache-Control': 'no-store' });
  else response.writeHead(200, MAILBOX_PAGE_HEADERS).end(renderMailboxPage(mails, scripts));
}

function acceptsJson(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('text/html');
}
