import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { type RunningServer, readBody, sendJson, startHttpServer } from '../../local/http-server.ts';

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=\S+\/codedeploy\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;
const OPERATION = 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus';

const reportInput = z.strictObject({
  deploymentId: z.string(),
  lifecycleEventHookExecutionId: z.string(),
  // CodeDeploy takes no other of its statuses from a hook
  status: z.enum(['Succeeded', 'Failed']),
});

/** A Lambda function that is a hook. */
export type Hook = (event: { DeploymentId: string; LifecycleEventHookExecutionId: string }) => Promise<void>;

/** The hooks of a deployment group. */
export interface Hooks {
  beforeAllowTraffic?: Hook;
  afterAllowTraffic?: Hook;
}

/** What a deployment came to, and which version the alias points to after it. */
export interface Deployed {
  status: 'Succeeded' | 'Failed';
  live: 'previous' | 'new';
}

/** The emulated CodeDeploy. */
export interface CodeDeploy extends RunningServer {
  /** Calls so far, those that were rejected included. */
  readonly calls: readonly string[];
  /** Rejects so many calls with a `500`. */
  fail(times: number): void;
  /** Moves an alias from the previous version to the new one as CodeDeploy does, and back if a hook fails or reports nothing. */
  deploy(hooks: Hooks): Promise<Deployed>;
}

/** Starts an emulator of CodeDeploy for one alias of a Lambda function, for the unmodified SDK. */
export async function startCodeDeploy(): Promise<CodeDeploy> {
  const calls: string[] = [];
  const awaited = new Map<string, { deploymentId: string; status?: 'Succeeded' | 'Failed' }>();
  let failing = 0;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request, 10_000)) ?? '';
    calls.push(body);
    if (failing-- > 0) return sendJson(response, 500, {});
    const reject = (type: string) => sendJson(response, 400, { __type: type, message: type });
    if (!SIGNATURE.test(request.headers.authorization ?? '')) return reject('MissingAuthenticationToken');
    if (request.headers['x-amz-target'] !== OPERATION) return reject('UnknownOperationException');
    const { data } = reportInput.safeParse(JSON.parse(body));
    const execution = awaited.get(data?.lifecycleEventHookExecutionId ?? '');
    if (data === undefined || execution?.deploymentId !== data.deploymentId) {
      return reject('InvalidLifecycleEventHookExecutionIdException');
    }
    if (execution.status !== undefined) return reject('LifecycleEventAlreadyCompletedException');
    execution.status = data.status;
    sendJson(response, 200, { lifecycleEventHookExecutionId: data.lifecycleEventHookExecutionId });
  }

  /** Whether the hook reported success; one that throws or reports nothing has not. */
  async function passes(hook: Hook | undefined, deploymentId: string): Promise<boolean> {
    if (hook === undefined) return true;
    const id = randomUUID();
    awaited.set(id, { deploymentId });
    await hook({ DeploymentId: deploymentId, LifecycleEventHookExecutionId: id }).catch(() => undefined);
    return awaited.get(id)?.status === 'Succeeded';
  }

  const server = await startHttpServer(respond);
  return {
    ...server,
    calls,
    fail: (times) => {
      failing = times;
    },
    async deploy({ beforeAllowTraffic, afterAllowTraffic }) {
      const deploymentId = `d-${randomUUID().slice(0, 8).toUpperCase()}`;
      if (!(await passes(beforeAllowTraffic, deploymentId))) return { status: 'Failed', live: 'previous' };
      // the alias moves
      if (!(await passes(afterAllowTraffic, deploymentId))) return { status: 'Failed', live: 'previous' };
      return { status: 'Succeeded', live: 'new' };
    },
  };
}
