import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../local/http-server.ts';
import { answerMailbox, createMailbox, type Mailbox } from '../../local/mailbox.ts';

const MAIL = {
  to: '<script>alert("1")</script>@example.com',
  subject: `Tom & 'Jerry'`,
  recoveryLink: 'https://app.example.com/?a=1&b="><img src=x>',
};

let mailbox: Mailbox;
let server: RunningServer;

beforeEach(async () => {
  mailbox = createMailbox();
  server = await startHttpServer((request, response) => answerMailbox(mailbox.mails, request, response));
});
afterEach(() => server.close());

test('is a page for a browser, without scripts and with everything escaped', async () => {
  mailbox.deliver(MAIL);
  mailbox.deliver({ ...MAIL, subject: 'The newer one' });
  const answer = await fetch(`${server.url}/mailbox`, { headers: { accept: 'text/html,*/*' } });
  const page = await answer.text();
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page).not.toMatch(/<script|<img/);
  expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;@example.com');
  expect(page).toContain('Tom &#38; &#39;Jerry&#39;');
  expect(page.indexOf('The newer one')).toBeLessThan(page.indexOf('Jerry'));
});

test('says that there is no mail yet', async () => {
  expect(await (await fetch(`${server.url}/mailbox`)).text()).toContain('No mail yet.');
});

test.each([
  ['/mailbox.json', '*/*'],
  ['/mailbox.json?x=1', 'text/html'],
  ['/mailbox', 'application/json'],
])('is JSON at %s for %s', async (path, accept) => {
  mailbox.deliver(MAIL);
  const answer = await fetch(server.url + path, { headers: { accept } });
  expect(await answer.json()).toEqual({ mails: [{ ...MAIL, receivedAt: expect.any(String) }] });
});

test('is only read', async () => {
  expect((await fetch(`${server.url}/mailbox`, { method: 'POST' })).status).toBe(405);
});
