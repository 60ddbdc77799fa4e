import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { createMailbox, type Mailbox } from '../../../local/tenant/mailbox.ts';
import { serveMailbox } from '../../../local/tenant/mailbox-page.ts';

const MAIL = {
  from: 'Tenant <no-reply@tenant.example>',
  to: '<script>alert("1")</script>@example.com',
  name: '<img src=x>',
  subject: `Tom & 'Jerry'`,
  recoveryLink: 'https://app.example.com/?a=1&b="><img src=x>',
  linkExpiresAt: '2026-11-22T17:15:00.000Z',
};

let mailbox: Mailbox;
let server: RunningServer;
let scripts: string[];

beforeEach(async () => {
  mailbox = createMailbox();
  scripts = [];
  server = await startHttpServer((request, response) =>
    serveMailbox(mailbox, request, response, { scripts }),
  );
});
afterEach(() => server.close());

async function page(): Promise<string> {
  return (await fetch(`${server.url}/mailbox`, { headers: { accept: 'text/html,*/*' } })).text();
}

test('sends a browser a page with every value escaped and only the style inline', async () => {
  mailbox.deliver(MAIL);
  mailbox.deliver({ ...MAIL, subject: 'The newer one' });
  const response = await fetch(`${server.url}/mailbox`, { headers: { accept: 'text/html,*/*' } });
  const html = await response.text();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;@example.com');
  expect(html).toContain('Hello &#60;img src=x&#62;,');
  expect(html).toContain("Tom &#38; 'Jerry'");
  expect(html.indexOf('The newer one')).toBeLessThan(html.indexOf('Jerry'));
});

test('lists every email with its time to the second, and expands only the newest', async () => {
  for (const subject of ['first', 'second', 'third']) mailbox.deliver({ ...MAIL, subject });
  const html = await page();
  expect([...html.matchAll(/<details( open)?>\s*<summary><h2>(\w+)</g)].map(([, ...entry]) => entry)).toEqual(
    [
      [' open', 'third'],
      [undefined, 'second'],
      [undefined, 'first'],
    ],
  );
  expect(html).toMatch(/<summary>.*@example\.com<\/span> <time [^>]*>.*\d\d:\d\d:\d\d<\/time><\/summary>/);
});

test('shows the recovery link and when it expires', async () => {
  mailbox.deliver({ ...MAIL, recoveryLink: 'http://localhost:3000/register?token=a&b=c' });
  const html = await page();
  expect(html).toContain(
    '<a class="button" href="http://localhost:3000/register?token=a&#38;b=c">Recover my account</a>',
  );
  expect(html).toMatch(/works once, until <time datetime="2026-11-22T17:15:00.000Z">/);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'no URL'])(
  'shows no link to %s',
  async (recoveryLink) => {
    mailbox.deliver({ ...MAIL, recoveryLink });
    expect(await page()).not.toContain('Recover my account');
  },
);

test('loads the given scripts', async () => {
  scripts = ['/simulation/panel.js'];
  expect(await page()).toContain('<script type="module" src="/simulation/panel.js"></script>');
});

test('says that there are no emails yet', async () => {
  expect(await page()).toContain('No emails yet.');
});

test.each([
  ['/mailbox.json', '*/*'],
  ['/mailbox.json?x=1', 'text/html'],
  ['/mailbox', 'application/json'],
])('sends JSON at %s for Accept: %s', async (path, accept) => {
  mailbox.deliver(MAIL);
  const response = await fetch(server.url + path, { headers: { accept } });
  expect(await response.json()).toEqual({ mails: [{ ...MAIL, receivedAt: expect.any(String) }] });
});

test('accepts only GET and HEAD', async () => {
  const head = await fetch(`${server.url}/mailbox`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const rejected = await fetch(`${server.url}/mailbox`, { method: 'POST' });
  expect([rejected.status, rejected.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
