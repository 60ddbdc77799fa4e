import type { ServerResponse } from 'node:http';
import type { Page } from '../../emulators/gateway.ts';
import type { FaultSwitch } from '../../fault-switch.ts';
import { answerJson } from '../../http-server.ts';
import type { Mail } from '../../tenant/mailbox.ts';
import type { SimulatedUser } from '../../tenant/simulated-users.ts';
import type { TenantFault } from '../../tenant/tenant-controls.ts';
import type { FlowStep, FlowSteps } from './flow-steps.ts';

/** All that the side panel shows. */
export interface SimulationState {
  readonly steps: readonly FlowStep[];
  /** What is switched on at the tenant. */
  readonly fault: TenantFault | null;
  /** How many mails there are. */
  readonly mails: number;
  /** Whom the tenant knows. */
  readonly accounts: readonly Pick<SimulatedUser, 'email' | 'status'>[];
}

/** What the feed is made of. */
export interface FeedSources {
  readonly steps: FlowSteps;
  readonly faults: FaultSwitch<TenantFault>;
  readonly mails: readonly Mail[];
  readonly users: readonly SimulatedUser[];
}

/**
 * Answers a GET with the state: as a stream of server-sent events for who asks for one, the first at once and the next with each
 * change, as JSON for everybody else. A DELETE lets the steps start over.
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
    const departure = new AbortController();
    response.once('close', () => departure.abort());
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const tell = () => void response.write(`data: ${JSON.stringify(state())}\n\n`);
    steps.subscribe(tell, departure.signal);
    tell();
  }

  return (request, response) => {
    if (request.method === 'DELETE') steps.startOver();
    else if (request.method !== 'GET') {
      return answerJson(response, 405, { message: 'Use GET or DELETE' }, { Allow: 'GET, DELETE' });
    } else if (request.headers.accept?.includes('text/event-stream')) return stream(response);
    answerJson(response, 200, state(), { 'Cache-Control': 'no-store' });
  };
}
