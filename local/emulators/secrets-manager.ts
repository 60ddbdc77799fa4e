import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { applyFault } from '../apply-fault.ts';
import { createFaultSwitch, type LimitedFault } from '../fault-switch.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  startHttpServer,
} from '../http-server.ts';
import { parseJson } from '../json-text.ts';

/** A fault of Secrets Manager: an error response, or one of the connection. */
export interface SecretsManagerFault extends LimitedFault {
  readonly kind: 'error' | 'access-denied' | 'throttled' | 'hang' | 'reset';
}

/** A request that Secrets Manager received; `secretId` as the client sent it. */
export interface ReceivedSecretsManagerRequest {
  /** For example `GetSecretValue`. */
  readonly operation: string;
  readonly secretId: string | undefined;
}

/** An emulator of AWS Secrets Manager for the unmodified SDK and CLI. It keeps only a secret's current version. */
export interface SecretsManager extends RunningServer {
  /** All requests in order, including those that a fault hit. */
  readonly requests: readonly ReceivedSecretsManagerRequest[];
  /** Creates the secret or updates its value; returns its ARN. */
  put(name: string, value: string): string;
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: SecretsManagerFault): void;
  heal(): void;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  /** Absent: the secret was created without a value. */
  readonly value: string | undefined;
  readonly versionId: string;
  readonly createdAtSeconds: number;
}

const ARN_PREFIX = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:';
const MAXIMUM_BODY_BYTES = 128 * 1024;
const TARGET_PREFIX = 'secretsmanager.';
const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=\S+\/secretsmanager\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;

const getSecretValueInput = z.object({
  SecretId: z.string().check(z.minLength(1)),
  VersionId: z.optional(z.string()),
  VersionStage: z.optional(z.string()),
});
const putSecretValueInput = z.object({
  SecretId: z.string().check(z.minLength(1)),
  SecretString: z.string().check(z.minLength(1)),
  ClientRequestToken: z.optional(z.string()),
});
const createSecretInput = z.object({ Name: z.string().check(z.minLength(1)) });
const addressedSecret = z.object({ SecretId: z.string() });

/** Starts an empty Secrets Manager. */
export async function startSecretsManager(options: ListenOptions = {}): Promise<SecretsManager> {
  const secrets = new Map<string, Secret>();
  const requests: ReceivedSecretsManagerRequest[] = [];
  const faults = createFaultSwitch<SecretsManagerFault>();

  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    const operation = String(request.headers['x-amz-target']).replace(TARGET_PREFIX, '');
    const addressed = parseJson(addressedSecret, body);
    requests.push({ operation, secretId: 'value' in addressed ? addressed.value.SecretId : undefined });
    const denied = 'Not authorized to perform: secretsmanager:GetSecretValue';
    const isHandled = await applyFault(faults.next(), response, {
      error: () => sendError(response, 'InternalServiceError', 'An error occurred on the server side.', 500),
      'access-denied': () => sendError(response, 'AccessDeniedException', denied),
      throttled: () => sendError(response, 'ThrottlingException', 'Rate exceeded'),
    });
    if (isHandled) handleOperation(operation, body, request, response);
  }, options);

  function handleOperation(
    operation: string,
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    if (!SIGNATURE.test(request.headers.authorization ?? '')) {
      return sendError(response, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    if (request.method === 'POST' && operation === 'GetSecretValue') return getSecretValue(body, response);
    if (request.method === 'POST' && operation === 'PutSecretValue') return putSecretValue(body, response);
    if (request.method === 'POST' && operation === 'DescribeSecret') return describeSecret(body, response);
    if (request.method === 'POST' && operation === 'CreateSecret') return createSecret(body, response);
    sendError(response, 'UnknownOperationException', `The emulator does not support ${operation}.`);
  }

  function getSecretValue(body: string, response: ServerResponse) {
    const input = parseJson(getSecretValueInput, body);
    if ('problem' in input) return sendError(response, 'InvalidRequestException', input.problem);
    const { SecretId, VersionId, VersionStage = 'AWSCURRENT' } = input.value;
    const secret = find(SecretId);
    const isCurrent = VersionStage === 'AWSCURRENT' && (VersionId ?? secret?.versionId) === secret?.versionId;
    if (secret?.value === undefined || !isCurrent) return sendUnknownSecret(response);
    sendAwsJson(response, 200, {
      ARN: secret.arn,
      CreatedDate: secret.createdAtSeconds,
      Name: secret.name,
      SecretString: secret.value,
      VersionId: secret.versionId,
      VersionStages: ['AWSCURRENT'],
    });
  }

  function putSecretValue(body: string, response: ServerResponse) {
    const input = parseJson(putSecretValueInput, body);
    if ('problem' in input) return sendError(response, 'InvalidRequestException', input.problem);
    const secret = find(input.value.SecretId);
    if (secret === undefined) return sendUnknownSecret(response);
    const { versionId } = store(secret.name, input.value.SecretString, input.value.ClientRequestToken);
    sendAwsJson(response, 200, {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      VersionStages: ['AWSCURRENT'],
    });
  }

  function describeSecret(body: string, response: ServerResponse) {
    const input = parseJson(addressedSecret, body);
    if ('problem' in input) return sendError(response, 'InvalidRequestException', input.problem);
    const secret = find(input.value.SecretId);
    if (secret === undefined) return sendUnknownSecret(response);
    sendAwsJson(response, 200, {
      ARN: secret.arn,
      Name: secret.name,
      LastChangedDate: secret.createdAtSeconds,
      VersionIdsToStages: secret.value === undefined ? {} : { [secret.versionId]: ['AWSCURRENT'] },
    });
  }

  /** Without a value only. */
  function createSecret(body: string, response: ServerResponse) {
    const input = parseJson(createSecretInput, body);
    if ('problem' in input) return sendError(response, 'InvalidRequestException', input.problem);
    const { Name } = input.value;
    if (find(Name)) return sendError(response, 'ResourceExistsException', 'The secret already exists.');
    sendAwsJson(response, 200, { ARN: store(Name, undefined).arn, Name });
  }

  function find(secretId: string): Secret | undefined {
    return secrets.get(secretId) ?? [...secrets.values()].find((secret) => secret.arn === secretId);
  }

  function store(name: string, value: string | undefined, versionId: string = randomUUID()): Secret {
    // an ARN ends with six random characters, which stay the same for the life of the secret
    const arn = secrets.get(name)?.arn ?? `${ARN_PREFIX}${name}-${randomBytes(3).toString('hex')}`;
    const secret = { name, arn, value, versionId, createdAtSeconds: Date.now() / 1000 };
    secrets.set(name, secret);
    return secret;
  }

  return {
    ...server,
    requests,
    put: (name, value) => store(name, value).arn,
    fault: faults.set,
    heal: faults.heal,
  };
}

function sendUnknownSecret(response: ServerResponse): void {
  sendError(response, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function sendError(response: ServerResponse, type: string, message: string, status = 400): void {
  // both spellings: the SDK reads `message`, some older clients `Message`
  response.setHeader('x-amzn-errortype', type);
  sendAwsJson(response, status, { __type: type, message, Message: message });
}

function sendAwsJson(response: ServerResponse, status: number, body: unknown): void {
  sendJson(response, status, body, {
    'Content-Type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
}
