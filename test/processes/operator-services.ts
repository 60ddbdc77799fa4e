import * as z from 'zod/mini';
import { sendAwsResponse } from '../../local/emulators/operator/aws-response.ts';
import { getCallerIdentity } from '../../local/emulators/operator/sts.ts';
import { readBody, startHttpServer } from '../../local/http-server.ts';

const putEvents = z.object({ Entries: z.tuple([z.object({ DetailType: z.string(), Detail: z.string() })]) });

/** STS and EventBridge, for commands that say who acts. */
export interface OperatorServices {
  url: string;
  /** The details of the events so far, with their types. */
  events: Record<string, unknown>[];
  /** The error that EventBridge responds with; absent: it takes every event. */
  error?: string;
  close(): Promise<void>;
}

/** Starts both on one port. */
export async function startOperatorServices(): Promise<OperatorServices> {
  const events: OperatorServices['events'] = [];
  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, 10_000)) ?? '';
    if (request.headers['x-amz-target'] === undefined) {
      sendAwsResponse(response, getCallerIdentity());
      return;
    }
    const isDescription = request.headers['x-amz-target'] === 'AWSEvents.DescribeEventBus';
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (services.error) {
      response.writeHead(400).end(JSON.stringify({ __type: services.error }));
      return;
    }
    if (isDescription) {
      response.end('{}');
      return;
    }
    for (const { DetailType: type, Detail } of putEvents.parse(JSON.parse(body)).Entries) {
      events.push({ type, ...JSON.parse(Detail) });
    }
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }));
  });
  const services: OperatorServices = { url: server.url, events, close: () => server.close() };
  return services;
}
