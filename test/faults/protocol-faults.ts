import { end, RAW_SUCCESS, repeats, reset, SUCCESS, sends, type UpstreamFault } from './misbehavior.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const CHUNK = `${SUCCESS.length.toString(16)}\r\n${SUCCESS}\r\n`;

/** Bytes that HTTP does not allow, or that do not come. */
export const PROTOCOL_FAULTS: readonly UpstreamFault[] = [
  { name: 'never responds', ends: 'queued', ...sends('') },
  { name: 'resets the connection', ends: 'queued', ...sends('', reset) },
  { name: 'closes the connection', ends: 'queued', ...sends('', end) },
  { name: 'resets the connection at once', ends: 'queued', onConnection: reset },
  { name: 'closes the connection at once', ends: 'queued', onConnection: end },
  {
    name: 'responds before it is asked',
    ends: 'queued',
    onConnection: (socket) => socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n'),
  },
  {
    name: 'switches protocols',
    ends: 'queued',
    ...sends('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  },
  {
    name: 'switches protocols that nobody named',
    ends: 'queued',
    ...sends('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  },
  {
    name: 'sends early hints, and nothing else',
    ends: 'queued',
    ...sends('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'),
  },
  {
    name: 'sends early hints forever',
    ends: 'queued',
    ...sends('', repeats('HTTP/1.1 103 Early Hints\r\n\r\n', 50)),
  },
  {
    name: 'sends early hints, and accepts',
    ends: 'mailed',
    ...sends(`HTTP/1.1 103 Early Hints\r\n\r\n${RAW_SUCCESS}`),
  },
  {
    name: 'asks to continue what is complete, and accepts',
    ends: 'mailed',
    ...sends(`HTTP/1.1 100 Continue\r\n\r\n${RAW_SUCCESS}`),
  },
  { name: 'accepts twice in a row', ends: 'mailed', ...sends(RAW_SUCCESS + RAW_SUCCESS) },
  { name: 'accepts in HTTP/1.0', ends: 'mailed', ...sends(`HTTP/1.0 200 OK\r\n\r\n${SUCCESS}`, end) },
  { name: 'responds in HTTP/0.9', ends: 'queued', ...sends(SUCCESS, end) },
  { name: 'responds in HTTP/2', ends: 'queued', ...sends('\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d') },
  { name: 'responds in HTTP/9.9', ends: 'queued', ...sends(`HTTP/9.9 200 OK\r\n\r\n${SUCCESS}`, end) },
  { name: 'speaks another protocol', ends: 'queued', ...sends('SSH-2.0-OpenSSH_9.6\r\n') },
  { name: 'sends random bytes', ends: 'queued', ...sends('\x16\xff\0\x80\n\r\x7f', repeats('\xfe\0', 10)) },
  { name: 'trickles the status line', ends: 'queued', ...sends('HTTP/1.1 200 ', repeats('O', 100)) },
  { name: 'trickles the headers', ends: 'queued', ...sends(`${OK}X: `, repeats('a', 100)) },
  {
    name: 'trickles the body of a success',
    ends: 'mailed',
    ...sends(`${OK}Content-Length: 9999\r\n\r\n{`, repeats(' ', 100)),
  },
  {
    name: 'sends headers without end',
    ends: 'queued',
    ...sends(OK, repeats(`X-Header: ${'a'.repeat(1000)}\r\n`)),
  },
  {
    name: 'sends one header without end',
    ends: 'queued',
    ...sends(`${OK}X-Header: `, repeats('a'.repeat(1000))),
  },
  { name: 'sends a body without end', ends: 'mailed', ...sends(`${OK}\r\n`, repeats('a'.repeat(10_000))) },
  { name: 'sends chunks without end', ends: 'mailed', ...sends(CHUNKED, repeats(CHUNK)) },
  { name: 'resets the connection in the status line', ends: 'queued', ...sends('HTTP/1.1 20', reset) },
  { name: 'resets the connection in the headers', ends: 'queued', ...sends(`${OK}Content-`, reset) },
  { name: 'closes the connection in the headers', ends: 'queued', ...sends(`${OK}Content-`, end) },
  {
    name: 'resets the connection in the body of a success',
    ends: 'mailed',
    ...sends(`${OK}Content-Length: 100\r\n\r\n{`, (socket) => setTimeout(reset, 50, socket)),
  },
  {
    name: 'closes the connection in the body of a rejection',
    ends: 'queued',
    ...sends('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{"message":"no"}', end),
  },
  {
    name: 'promises a longer body than it sends',
    ends: 'mailed',
    ...sends(`${OK}Content-Length: 999\r\n\r\n${SUCCESS}`, end),
  },
  {
    name: 'promises a shorter body than it sends',
    ends: 'mailed',
    ...sends(`${OK}Content-Length: 3\r\n\r\n${SUCCESS}`, end),
  },
  {
    name: 'sends a length that is no number',
    ends: 'queued',
    ...sends(`${OK}Content-Length: abc\r\n\r\n${SUCCESS}`),
  },
  { name: 'sends a negative length', ends: 'queued', ...sends(`${OK}Content-Length: -1\r\n\r\n${SUCCESS}`) },
  {
    name: 'sends two lengths',
    ends: 'queued',
    ...sends(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n${SUCCESS}`),
  },
  {
    name: 'sends a length and chunks',
    ends: 'queued',
    ...sends(`${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNK}0\r\n\r\n`),
  },
  { name: 'sends chunks of no size', ends: 'mailed', ...sends(`${CHUNKED}zz\r\n${SUCCESS}\r\n`) },
  {
    name: 'sends chunks of a monstrous size',
    ends: 'mailed',
    ...sends(`${CHUNKED}ffffffffffffffff\r\n${SUCCESS}`),
  },
  { name: 'leaves the last chunk out', ends: 'mailed', ...sends(CHUNKED + CHUNK, end) },
  { name: 'sends a header with NUL in it', ends: 'queued', ...sends(`${OK}X: a\0b\r\n\r\n${SUCCESS}`) },
  { name: 'sends a header without a name', ends: 'queued', ...sends(`${OK}: a\r\n\r\n${SUCCESS}`) },
  { name: 'sends the status 99', ends: 'queued', ...sends('HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n') },
  {
    name: 'sends the status 000',
    ends: 'queued',
    ...sends('HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'sends the status 2000',
    ends: 'queued',
    ...sends(`HTTP/1.1 2000 OK\r\n${'Content-Length: 0'}\r\n\r\n`),
  },
  {
    name: 'sends a status of letters',
    ends: 'queued',
    ...sends('HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n'),
  },
];
