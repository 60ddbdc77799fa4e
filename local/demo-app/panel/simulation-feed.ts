import type { ServerResponse } from 'node:http';
import type { Page } from '../../emulators/gateway.ts';
import type { FaultSwitch } from '../../fault-switch.ts';
import { sendJson } from '../../http-server.ts';
import type { Mail } from '../../tenant/mailbox.ts';
import type { SimulatedUser } from '../../tenant/simulated-users.ts';
import type { TenantFault } from '../../tenant/tenant-controls.ts';
import type { FlowStep, FlowSteps } from './flow-steps.ts';

/** The state that the side panel shows. */
export interface SimulationState {
  readonly steps: readonly FlowStep[];
  /** The tenant's active fault. */
  readonly fault: TenantFault | null;
  /** Number of emails. */
  readonly mails: number;
  /** The tenant's users. */
  readonly accounts: readonly Pick<SimulatedUser, 'email' | 'status'>[];
}

/** Dependencies of the feed. */
export interface FeedSources {
  readonly steps: FlowSteps;
  readonly faults: FaultSwitch<TenantFault>;
  readonly mails: readonly Mail[];
  readonly users: readonly SimulatedUser[];
}

/**
 * A GET returns the state: as server-sent events for a client that accepts them, the first immediately and one per change,
 * otherwise as JSON. A DELETE resets the steps.
 */
export function createSimulationFeed({ steps, faults, mails, users }: FeedSources): Page {
  const accounts = users.map(({ email, status }) => ({ email, status }));
  const state = (): SimulationState => ({
    steps: steps.list(),
    fault: faults.current ?? null,
    mails: mails.length,
    accounts,
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
