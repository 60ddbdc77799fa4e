import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { createMailbox, type Mail, type Mailbox } from '../../../local/tenant/mailbox.ts';
import { type MailboxPageOptions, serveMailbox } from '../../../local/tenant/mailbox-page.ts';

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
let options: MailboxPageOptions;
let requestOf: ((mail: Mail) => number | undefined) | undefined;

beforeEach(async () => {
  mailbox = createMailbox();
  options = {};
  requestOf = undefined;
  server = await startHttpServer((request, response) =>
    serveMailbox({ mails: mailbox.mails, ...(requestOf && { requestOf }) }, request, response, options),
  );
});
afterEach(() => server.close());

async function page(query = ''): Promise<string> {
  return (await fetch(`${server.url}/mailbox${query}`, { headers: { accept: 'text/html,*/*' } })).text();
}

test('sends a browser a page with every value escaped and only the style inline', async () => {
  mailbox.deliver(MAIL);
  mailbox.deliver({ ...MAIL, subject: 'The newer one' });
  const response = await fetch(`${server.url}/mailbox`, { headers: { accept: 'text/html,*/*' } });
  const html = await response.text();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; style-src 'self' 'sha256-/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;@example.com');
  expect(html).toContain('Hello &#60;img src=x&#62;,');
  expect(html).toContain("Tom &#38; 'Jerry'");
  expect(html.indexOf('The newer one')).toBeLessThan(html.indexOf('Jerry'));
});

/** The numbers of the listed emails, and the one that is open. */
function listed(html: string): (string | undefined)[][] {
  const links = html.matchAll(/<a href="\/mailbox\?mail=(\d+)"( aria-current="page")?>/g);
  return [...links].map(([, number, open]) => (open ? [number, 'open'] : [number]));
}

test('lists every email with its time to the second, and opens the newest', async () => {
  for (const subject of ['first', 'second', 'third']) mailbox.deliver({ ...MAIL, subject });
  const html = await page();
  expect(listed(html)).toEqual([['3', 'open'], ['2'], ['1']]);
  expect(html.match(/<article/g)).toHaveLength(1);
  expect(html).toContain('<h2 id="subject">third</h2>');
  expect(html).toMatch(/<span class="subject">first<\/span> <time [^>]*>\d\d:\d\d:\d\d<\/time>/);
});

test('opens the email of the link that was followed, without JavaScript', async () => {
  for (const subject of ['first', 'second']) mailbox.deliver({ ...MAIL, subject });
  const html = await page('?mail=1');
  expect(listed(html)).toEqual([['2'], ['1', 'open']]);
  expect(html).toContain('<h2 id="subject">first</h2>');
});

test.each(['?mail=', '?mail=0', '?mail=3', '?mail=x', '?mail=1.5'])(
  'opens the newest email for %s',
  async (query) => {
    for (const subject of ['first', 'second']) mailbox.deliver({ ...MAIL, subject });
    expect(await page(query)).toContain('<h2 id="subject">second</h2>');
  },
);

test.each([
  [
    'Tenant & Co <no-reply@tenant.example>',
    'Tenant &#38; Co',
    ' <span class="address">&lt;no-reply@tenant.example&gt;</span>',
  ],
  ['no-reply@tenant.example', 'no-reply@tenant.example', ''],
])('says that %s sent an email, with name, address and initial', async (from, name, address) => {
  mailbox.deliver({ ...MAIL, from, to: 'jane@example.com', name: 'Jane' });
  const html = await page();
  expect(html).toContain(`<dt>From</dt><dd><span class="sender">${name}</span>${address}</dd>`);
  expect(html).toContain('<dt>To</dt><dd>Jane &lt;jane@example.com&gt;</dd>');
  expect(html).toContain(`<span class="avatar" aria-hidden="true">${name.charAt(0).toUpperCase()}</span>`);
});

test('marks a second email of the same request, in the list and in the email', async () => {
  for (const to of ['jane@example.com', 'jane@example.com', 'john@example.com', 'jane@example.com']) {
    mailbox.deliver({ ...MAIL, to });
  }
  const requests = [1, 1, 1, 2];
  requestOf = (mail) => requests[mailbox.mails.indexOf(mail)];
  const mark = 'Email 2 of the same request';
  expect((await page('?mail=2')).split(mark)).toHaveLength(3);
  expect((await page()).split(mark)).toHaveLength(2);
  requestOf = () => undefined;
  expect(await page()).not.toContain(mark);
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

test('loads the given scripts, and has what the host adds', async () => {
  options = {
    scripts: ['/simulation/panel.js'],
    decorate: (html) => html.replace('</body>', 'panel</body>'),
  };
  const html = await page();
  expect(html).toContain('<script type="module" src="/simulation/panel.js"></script>');
  expect(html).toContain('panel</body>');
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
