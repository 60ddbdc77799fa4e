import type { ServerResponse } from 'node:http';
import type { Page } from '../../emulators/gateway.ts';
import { sendJson } from '../../http-server.ts';
import type { PlatformName } from '../../platforms/platform.ts';
import type { Mail } from '../../tenant/mailbox.ts';
import type { FlowStep, FlowSteps } from './flow-steps.ts';

/** The state that the side panel shows. */
export interface SimulationState {
  readonly platform: PlatformName;
  /** The number of the run, whose steps follow. */
  readonly run: number;
  readonly steps: readonly FlowStep[];
  /** The tenant's active fault. */
  readonly fault: { readonly kind: string } | null;
  /** Number of emails. */
  readonly mails: number;
}

/** Dependencies of the feed. */
export interface FeedSources {
  readonly platform: PlatformName;
  readonly steps: FlowSteps;
  readonly currentFault: () => { readonly kind: string } | undefined;
  readonly mails: readonly Mail[];
}

/**
 * A GET returns the state: as server-sent events for a client that accepts them, the first immediately and one per change,
 * otherwise as JSON. A DELETE resets the steps.
 */
export function createSimulationFeed({ platform, steps, currentFault, mails }: FeedSources): Page {
  const state = (): SimulationState => ({
    platform,
    run: steps.run,
    steps: steps.list(),
    fault: currentFault() ?? null,
    mails: mails.length,
  });

  function stream(response: ServerResponse): void {
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const send = () => void response.write(`data: ${JSON.stringify(state())}\n\n`);
    steps.subscribe(send, closed.signal);
    send();
  }

  return (request, response) => {
    if (request.method === 'DELETE') steps.startOver();
    else if (request.method !== 'GET') {
      return sendJson(response, 405, { message: 'Use GET or DELETE' }, { Allow: 'GET, DELETE' });
    } else if (request.headers.accept?.includes('text/event-stream')) return stream(response);
    sendJson(response, 200, state(), { 'Cache-Control': 'no-store' });
  };
}
