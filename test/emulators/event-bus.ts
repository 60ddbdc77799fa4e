import * as z from 'zod/mini';
import {
  type RequestHandler,
  type RunningServer,
  readBody,
  sendJson,
  startHttpServer,
} from '../../local/http-server.ts';

/** An emulator of EventBridge's `PutEvents` for the unmodified SDK. */
export interface EventBusEmulator extends RunningServer {
  /** The bus and the event of every accepted entry, as rules see the latter. */
  readonly published: { readonly bus: string; readonly event: unknown }[];
  /** Handles the next requests instead; absent: none. */
  respondWith(handler?: RequestHandler): void;
}

const entry = z.strictObject({
  EventBusName: z.string().check(z.minLength(1)),
  Source: z.string().check(z.minLength(1)),
  DetailType: z.string().check(z.minLength(1), z.maxLength(128)),
  Detail: z.pipe(
    z.string(),
    z.transform((text): unknown => JSON.parse(text)),
  ),
});
const putEvents = z.strictObject({ Entries: z.array(entry).check(z.minLength(1), z.maxLength(10)) });

const MAXIMUM_BYTES = 1024 * 1024;

/** Starts an event bus that accepts signed requests for any bus. */
export async function startEventBus(): Promise<EventBusEmulator> {
  const published: EventBusEmulator['published'] = [];
  let override: RequestHandler | undefined;
  const server = await startHttpServer(async (request, response) => {
    if (override) return override(request, response);
    const body = await readBody(request, MAXIMUM_BYTES);
    const isSigned = /^AWS4-HMAC-SHA256 Credential=\S+\/events\/aws4_request/.test(
      request.headers.authorization ?? '',
    );
    if (!isSigned || request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
      return sendJson(response, 400, { __type: 'UnknownOperationException' });
    }
    const { data } = putEvents.safeParse(JSON.parse(body ?? ''));
    if (data === undefined) return sendJson(response, 400, { __type: 'ValidationException' });
    for (const { EventBusName: bus, Source: source, DetailType, Detail: detail } of data.Entries) {
      published.push({ bus, event: { source, 'detail-type': DetailType, detail } });
    }
    sendJson(response, 200, { FailedEntryCount: 0, Entries: data.Entries.map(() => ({ EventId: 'event' })) });
  });
  return {
    ...server,
    published,
    respondWith: (handler) => {
      override = handler;
    },
  };
}
