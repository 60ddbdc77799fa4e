import fc from 'fast-check';
import validEvent from '../../events/recover-user.json' with { type: 'json' };
import { CANARY, hostileText, hostileValue, hugeText } from './hostile-values.ts';

/** Where something is in an event: the names of members, from the outside. */
type Path = readonly string[];

/** An address that the endpoint takes: it goes all the way to Beyond Identity. */
const address = fc
  .tuple(
    fc.stringMatching(/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{0,12}$/),
    fc.constantFrom(
      'example.com',
      'bücher.example',
      '例え.テスト',
      'xn--bcher-kva.example',
      'localhost',
      '1.2.3.4',
    ),
  )
  .map(([local, domain]) => `${local}${CANARY}@${domain}`);

const almostAddress = fc
  .tuple(address, hostileText, fc.nat({ max: 40 }))
  .map(([text, piece, at]) => text.slice(0, at) + piece + text.slice(at));

const email = fc.oneof(address, almostAddress, hostileValue);
const members = fc.oneof(
  { weight: 4, arbitrary: fc.record({ email }) },
  { weight: 1, arbitrary: fc.record({ email, captchaToken: hostileValue }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(email, fc.dictionary(hostileText, hostileValue, { maxKeys: 3 }))
      .map(([value, others]) => ({ ...others, email: value })),
  },
  { weight: 1, arbitrary: hostileValue },
);
const json = members.map((value) => JSON.stringify(value) ?? '');
const brokenJson = fc
  .tuple(json, hostileText, fc.nat({ max: 60 }))
  .map(([text, piece, at]) => text.slice(0, at) + piece + text.slice(at + 1));

/** The body's text, and whether it is in base64. */
const body = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: json }, brokenJson, hostileText),
    fc.constantFrom(false, false, true),
  )
  .map(([text, isBase64Encoded]) => ({
    body: isBase64Encoded ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded,
  }));
/** In base64 that is none, or that is not said to be any. */
const wronglyEncoded = fc.record({
  body: fc.oneof(json, hostileText, hugeText, json.map(btoaOf)),
  isBase64Encoded: fc.constantFrom(true, false, null, 'true', 1, undefined),
});

function btoaOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}

const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8') },
  fc.constantFrom('text/plain', 'application/jsonp', 'application/problem+json', ''),
  hostileValue,
);
const headerName = fc.oneof(
  hostileText,
  fc.constantFrom('origin', 'ORIGIN', 'Content-Type', 'host', '__proto__', 'constructor', '', 'toString'),
);
const headers = fc
  .record({
    contentType,
    origin: fc.oneof(hostileValue, fc.constantFrom('https://app.example.com', 'null', undefined)),
    others: fc.array(fc.tuple(headerName, hostileValue), { maxLength: 3 }),
  })
  .map(({ contentType: type, origin, others }) => ({
    'Content-Type': type,
    origin,
    ...Object.fromEntries(others),
  }));

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constant('POST') },
  { weight: 1, arbitrary: fc.constantFrom('OPTIONS', 'GET', 'post', 'HEAD', 'TRACE', '__proto__') },
);

/** Every position in the valid event. */
const PATHS = pathsIn(validEvent);

function pathsIn(value: object, path: Path = []): Path[] {
  return Object.entries(value).flatMap(([name, member]): Path[] => {
    const here = [...path, name];
    return typeof member === 'object' && member !== null ? [here, ...pathsIn(member, here)] : [here];
  });
}

const change = fc.tuple(fc.constantFrom(...PATHS), hostileValue);

/** The event with another value at this position; unchanged where an earlier change has removed it. */
function changed(event: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (typeof event !== 'object' || event === null) return event;
  const member: unknown = Object.entries(event).find(([key]) => key === name)?.[1];
  return { ...event, [name]: changed(member, rest, value) };
}

const gatewayEvent = fc
  .tuple(
    method,
    fc.oneof(
      { weight: 6, arbitrary: body },
      wronglyEncoded,
      fc.constant({ body: null, isBase64Encoded: false }),
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(validEvent.headers) },
      headers,
      fc.constantFrom(null, undefined),
    ),
    fc.array(change, { maxLength: 3 }),
  )
  .map(([httpMethod, content, heads, changes]) => {
    const event: unknown = { ...validEvent, ...content, httpMethod, headers: heads };
    return changes.reduce((altered, [path, value]) => changed(altered, path, value), event);
  });

/** What the endpoint may be invoked with: an event of API Gateway with anything in any position, or something else. */
export const hostileEvent: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 30, arbitrary: gatewayEvent },
  { weight: 1, arbitrary: fc.oneof(hostileValue, fc.jsonValue()).map((value) => value ?? null) },
);
