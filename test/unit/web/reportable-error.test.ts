import { expect, test } from '@jest/globals';
import { reportableError } from '../../../web/complete-recovery/reportable-error.ts';

const TOKEN = 'c2VjcmV0LXRva2Vu';
const LINK = new URL(`https://app.example.com/bind?job_id=1&token=${TOKEN}`);

test.each([
  ['in its message', new Error(`responded with a 410 error: {"url":"...${TOKEN}"}`)],
  ['in its stack', Object.assign(new Error('x'), { stack: `at ${LINK.href}:12:3` })],
  ['in its cause', new Error('x', { cause: `failed to open ${LINK.href}` })],
  ['as a text', `no such link: ${encodeURIComponent(LINK.href)}`],
])('an error that contains the link %s is reported with a fixed text', (_name, error) => {
  const reported = reportableError(error, LINK);
  expect(String(reported)).toBe(
    'Error: <complete-recovery>: registerCredential rejected with an error that contains the link.',
  );
  expect(JSON.stringify(reported, Object.getOwnPropertyNames(reported))).not.toContain(TOKEN);
});

test.each([[new TypeError('Failed to fetch')], ['a text'], [undefined], [{ reason: 'x' }]])(
  'an error without a part of the link is reported as it is (%p)',
  (error) => {
    expect(reportableError(error, LINK)).toBe(error);
  },
);
