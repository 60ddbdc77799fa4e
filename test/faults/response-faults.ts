import { gzipSync } from 'node:zlib';
import { ABOUT_THE_USER, responds, SUCCESS, type UpstreamFault } from './misbehavior.ts';

const TOO_MANY = '{"message":"slow down"}';
const HTML = '<html><body>Not what you think</body></html>';
const COMPRESSED = { 'content-encoding': 'gzip' };
/** A megabyte of zeros, a thousandth as large. */
const BOMB = gzipSync(Buffer.alloc(1024 * 1024));

function statuses(names: readonly number[], body: string, ends: UpstreamFault['ends']): UpstreamFault[] {
  return names.map((status) => ({
    name: `responds with ${status} ${body === HTML ? 'and HTML' : ''}`.trim(),
    ends,
    ...responds(status, body),
  }));
}

/** Responses that HTTP allows. */
export const RESPONSE_FAULTS: readonly UpstreamFault[] = [
  ...statuses([300, 304, 401, 403, 408, 429, 500, 503, 999], '', 'queued'),
  ...statuses([400, 405, 451], HTML, 'queued'),
  ...statuses([404], ABOUT_THE_USER, 'not-recoverable'),
  ...statuses([404, 422], HTML, 'queued'),
  ...[302, 307].map((status) => ({
    name: `redirects with ${status} to where the request would be accepted`,
    ends: 'queued' as const,
    ...responds(status, '', { location: '/elsewhere' }),
  })),
  { name: 'redirects to a file', ends: 'queued', ...responds(302, '', { location: 'file:///etc/passwd' }) },
  ...['soon', '-1', '99999999999999999999', 'Thu, 99 Foo 2026 99:99:99 GMT'].map((value) => ({
    name: `asks to retry after ${JSON.stringify(value)}`,
    ends: 'queued' as const,
    ...responds(429, TOO_MANY, { 'retry-after': value, 'ratelimit-reset': value }),
  })),
  {
    name: 'asks to retry in a year',
    ends: 'queued',
    ...responds(503, '', { 'retry-after': '31536000' }),
  },
  { name: 'accepts, without a body', ends: { v0: 'mailed', v1: 'queued' }, ...responds(204) },
  { name: 'accepts, with HTML', ends: { v0: 'mailed', v1: 'queued' }, ...responds(200, HTML) },
  { name: 'accepts, with JSON that is no object', ends: 'mailed', ...responds(200, '[null]') },
  {
    name: 'accepts, with bytes that are no UTF-8',
    ends: { v0: 'mailed', v1: 'queued' },
    ...responds(200, Buffer.from([0xff, 0xfe])),
  },
  { name: 'accepts, with a part of a range', ends: 'mailed', ...responds(206, SUCCESS) },
  { name: 'accepts, with a body over the cap', ends: 'mailed', ...responds(200, SUCCESS.padEnd(100_000)) },
  {
    name: 'accepts, with a compressed bomb',
    ends: { v0: 'mailed', v1: 'queued' },
    ...responds(200, BOMB, COMPRESSED),
  },
  { name: 'rejects, with a compressed bomb', ends: 'queued', ...responds(404, BOMB, COMPRESSED) },
  {
    name: 'rejects, with a body over the cap',
    ends: 'queued',
    ...responds(404, ABOUT_THE_USER.padEnd(100_000)),
  },
];
