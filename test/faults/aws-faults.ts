import type { OutgoingHttpHeaders } from 'node:http';
import type { Misbehavior } from './front.ts';
import { end, repeats, reset, sends } from './misbehavior.ts';

/** A way in which a service of AWS's fails. */
export interface AwsFault extends Misbehavior {
  /** Continues the name of the service. */
  readonly name: string;
  /** It is over by the second try of the SDK, so that nobody notices. */
  readonly isPassing?: boolean;
}

/** An error response, as AWS's JSON protocols have it. */
function fails(status: number, type: string, headers: OutgoingHttpHeaders = {}): Misbehavior {
  return {
    onCall: ({ response }) => {
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-errortype': type,
        'x-amzn-query-error': `${type};Sender`,
        ...headers,
      });
      response.end(JSON.stringify({ __type: type, message: 'User user-0@example.com is not authorized' }));
    },
  };
}

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toUTCString();
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n';

/** What every service may do. */
export const AWS_FAULTS: readonly AwsFault[] = [
  { name: 'throttles', ...fails(400, 'ThrottlingException') },
  { name: 'throttles with 429', ...fails(429, 'TooManyRequestsException', { 'retry-after': '1' }) },
  { name: 'throttles once', isPassing: true, ...fails(400, 'ThrottlingException') },
  { name: 'fails with 500', ...fails(500, 'InternalServerError') },
  { name: 'fails with 503 and HTML', ...sends('HTTP/1.1 503 Slow Down\r\nContent-Length: 6\r\n\r\n<html>') },
  { name: 'denies access', ...fails(400, 'AccessDeniedException') },
  { name: 'rejects the credentials as expired', ...fails(400, 'ExpiredTokenException') },
  { name: 'rejects the clock', ...fails(403, 'RequestTimeTooSkewed', { date: IN_AN_HOUR }) },
  { name: 'rejects the signature', ...fails(403, 'InvalidSignatureException') },
  { name: 'rejects the request', ...fails(400, 'ValidationException') },
  { name: 'knows no such resource', ...fails(400, 'ResourceNotFoundException') },
  { name: 'never responds', ...sends('') },
  { name: 'resets the connection', ...sends('', reset) },
  { name: 'resets the connection once', isPassing: true, ...sends('', reset) },
  { name: 'resets the connection at once', onConnection: reset },
  { name: 'closes the connection', ...sends('', end) },
  { name: 'responds with HTML', ...sends(`${OK}Content-Length: 6\r\n\r\n<html>`) },
  { name: 'breaks off in the body', ...sends(`${OK}Content-Length: 99\r\n\r\n{"`, reset) },
  { name: 'never ends its body', ...sends(`${OK}Content-Length: 9999\r\n\r\n{`, repeats(' ', 100)) },
  { name: 'sends headers without end', ...sends(OK, repeats(`X-Header: ${'a'.repeat(1000)}\r\n`)) },
  {
    name: 'redirects',
    ...sends('HTTP/1.1 307 Temporary Redirect\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n'),
  },
  { name: 'speaks another protocol', ...sends('SSH-2.0-OpenSSH_9.6\r\n') },
];

/** It handles the call, and only the response is lost. */
export const LOST_RESPONSE: AwsFault = {
  name: 'handles the call, and loses its response once',
  isPassing: true,
  onCall: ({ socket, handle }) => void handle().finally(() => reset(socket)),
};

/** A success with this body. */
function succeeds(body: string): Misbehavior {
  return sends(`${OK}Content-Length: ${body.length}\r\n\r\n${body}`);
}

/** What only one service does. */
export const OWN_FAULTS = {
  SECRETS_MANAGER: [
    { name: 'cannot decrypt', ...fails(400, 'DecryptionFailure') },
    { name: 'has a secret without a value', ...succeeds('{"Name":"v0"}') },
    { name: 'has an empty secret', ...succeeds('{"SecretString":"  "}') },
    { name: 'has a secret that is broken JSON', ...succeeds('{"SecretString":"{\\"API_TOKEN\\":"}') },
    { name: 'has a secret that would break a header', ...succeeds('{"SecretString":"a\\r\\nX: 1"}') },
    { name: 'has a binary secret', ...succeeds('{"SecretBinary":"AAAA"}') },
  ],
  DYNAMODB: [
    LOST_RESPONSE,
    { name: 'is out of throughput', ...fails(400, 'ProvisionedThroughputExceededException') },
    { name: 'has a conflicting transaction', ...fails(400, 'TransactionConflictException') },
  ],
  SQS: [
    { name: 'has no such queue', ...fails(400, 'QueueDoesNotExist') },
    { name: 'is over its limit', ...fails(400, 'OverLimit') },
    {
      name: 'acknowledges another message',
      ...succeeds('{"MessageId":"1","MD5OfMessageBody":"00000000000000000000000000000000"}'),
    },
  ],
  EVENTBRIDGE: [
    LOST_RESPONSE,
    {
      name: 'rejects the event in the request',
      ...succeeds('{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure","ErrorMessage":"no"}]}'),
    },
    { name: 'says nothing of the event', ...succeeds('{}') },
  ],
} as const satisfies Record<string, readonly AwsFault[]>;
