import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type RunningServer, readBody, sendJson, startHttpServer } from '../local/http-server.ts';

const MAXIMUM_BODY_BYTES = 256 * 1024;

const outcome = z.object({ outcome: z.string() });
const detail = z.pipe(
  z.string(),
  z.transform((text) => outcome.parse(JSON.parse(text))),
);
const putEvents = z.object({ Entries: z.array(z.object({ Detail: detail })) });

/** AWS services that take what they are sent, at once, and forget it: EventBridge, SQS, CloudWatch Logs. */
export interface AwsSink extends RunningServer {
  /** How many events had each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Starts them on one port. */
export async function startAwsSink(): Promise<AwsSink> {
  const outcomes: Record<string, number> = {};
  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    const [, operation] = String(request.headers['x-amz-target']).split('.');
    const [event] = operation === 'PutEvents' ? putEvents.parse(JSON.parse(body)).Entries : [];
    if (event) outcomes[event.Detail.outcome] = (outcomes[event.Detail.outcome] ?? 0) + 1;
    sendJson(response, 200, responseTo(operation, body));
  });
  return { ...server, outcomes };
}

function responseTo(operation: string | undefined, body: string): object {
  if (operation === 'PutEvents') return { FailedEntryCount: 0, Entries: [{ EventId: 'event' }] };
  if (operation !== 'SendMessage') return {};
  const { MessageBody }: { MessageBody: string } = JSON.parse(body);
  // the SDK compares it
  return { MessageId: 'message', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}
