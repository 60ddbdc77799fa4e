import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type RunningServer, readBody, sendJson, startHttpServer } from '../local/http-server.ts';
import { RECOVER_USER_PATH } from '../local/tenant/recover-user-operation.ts';
import { classOf, TENANT_ANSWERS, tenantLatencyMs } from './caller-class.ts';
import { seededRandom } from './random.ts';

const MAXIMUM_BODY_BYTES = 4096;
const USER = { internal_id: '0123456789abcdef', status: 'USER_STATUS_ACTIVE' };

const recovery = z.object({ external_id: z.string() });

/** A tenant that has started. */
export interface BenchmarkTenant extends RunningServer {
  /** How many requests for recovery have reached it. */
  readonly recoveries: number;
}

/**
 * Starts a tenant who answers an address that tells a class as late as that class asks for, and everybody else at once,
 * as a user that it knows.
 */
export async function startBenchmarkTenant(seed: number): Promise<BenchmarkTenant> {
  const random = seededRandom(seed);
  let recoveries = 0;
  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    if (request.method !== 'POST' || request.url !== RECOVER_USER_PATH) return sendJson(response, 404, {});
    recoveries += 1;
    const callerClass = classOf(recovery.parse(JSON.parse(body)).external_id);
    if (callerClass === undefined) return sendJson(response, 200, USER);
    const answer = TENANT_ANSWERS[callerClass];
    await sleep(tenantLatencyMs(answer, random));
    sendJson(response, answer.status, answer.body);
  });
  return {
    ...server,
    get recoveries() {
      return recoveries;
    },
  };
}
