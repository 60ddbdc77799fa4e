import type { IncomingMessage, ServerResponse } from 'node:http';
import { rejectCrossSite } from '../../cross-site.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  splitTarget,
  startHttpServer,
} from '../../http-server.ts';
import { parseJson } from '../../json-text.ts';
import { allowsMethod } from '../../tenant/control-endpoints.ts';
import { type AwsResponse, jsonError, queryError, sendAwsResponse } from './aws-response.ts';
import { describeStacks } from './cloud-formation.ts';
import { describeAlarms } from './cloud-watch.ts';
import {
  AUDIT_LOG_GROUP_NAME,
  type Deployment,
  type DeploymentFaults,
  deploymentFaults,
  EVENT_BUS_NAME,
} from './deployment.ts';
import { createEventLog } from './event-log.ts';
import { callLambda, isLambdaPath } from './lambda.ts';
import { listSubscriptionsByTopic } from './sns.ts';
import { getCallerIdentity } from './sts.ts';

/** Where faults of the deployment are planted: PUT sets them, GET shows them, DELETE heals them. */
export const DEPLOYMENT_PATH = '/simulation/deployment';

const MAXIMUM_BODY_BYTES = 128 * 1024;
const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=\S+\/(cloudformation|events|lambda|logs|monitoring|sns|sts)\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;

/**
 * Starts an emulator of what the operator's commands ask of CloudFormation, Lambda, SNS, CloudWatch and its logs, STS and
 * EventBridge, for the unmodified SDK and CLI.
 */
export async function startOperatorApi(
  deployment: Deployment,
  options: ListenOptions = {},
): Promise<RunningServer> {
  let faults: DeploymentFaults = {};
  const eventLog = createEventLog(
    { busName: EVENT_BUS_NAME, logGroupName: AUDIT_LOG_GROUP_NAME },
    deployment.onEvent,
  );

  function control(request: IncomingMessage, body: string, response: ServerResponse): void {
    const { method = '' } = request;
    if (rejectCrossSite(request, response) || !allowsMethod(['GET', 'PUT', 'DELETE'], method, response)) {
      return;
    }
    if (method === 'DELETE') faults = {};
    if (method === 'PUT') {
      const parsed = parseJson(deploymentFaults, body);
      if ('problem' in parsed) {
        sendJson(response, 400, { message: parsed.problem });
        return;
      }
      faults = parsed.value;
    }
    sendJson(response, 200, faults);
  }

  async function call(request: IncomingMessage, path: string, body: string): Promise<AwsResponse> {
    const { method = '' } = request;
    if (!SIGNATURE.test(request.headers.authorization ?? '')) {
      return jsonError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
    }
    if (isLambdaPath(path)) return callLambda({ method, path, body }, deployment, faults);
    const target = request.headers['x-amz-target'];
    if (target === 'GraniteServiceVersion20100801.DescribeAlarms') {
      return describeAlarms(body, deployment, faults);
    }
    const ofEventLog = typeof target === 'string' ? eventLog.call(target, body) : undefined;
    if (ofEventLog) return ofEventLog;
    const parameters = new URLSearchParams(body);
    const action = parameters.get('Action');
    if (action === 'DescribeStacks') return describeStacks(parameters, deployment, faults);
    if (action === 'ListSubscriptionsByTopic') return listSubscriptionsByTopic(parameters, faults);
    if (action === 'GetCallerIdentity') return getCallerIdentity();
    return queryError('InvalidAction', `The emulator does not support ${target ?? action}.`);
  }

  return startHttpServer(async (request, response) => {
    const { path } = splitTarget(request);
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    if (path === DEPLOYMENT_PATH) control(request, body, response);
    else sendAwsResponse(response, await call(request, path, body));
  }, options);
}
