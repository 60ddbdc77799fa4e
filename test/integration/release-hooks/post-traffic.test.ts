import { afterEach, describe, expect, test } from '@jest/globals';
import { createPostTrafficHook } from '../../../functions/release-hooks/post-traffic/handler.ts';
import { type RequestHandler, type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { setAwsEndpoints } from '../emulated-aws.ts';
import { startRecoveryService } from '../recovery-service.ts';
import { codeDeploy, printed, QUICK, useReleases } from './releases.ts';

useReleases();

let endpoint: RunningServer | undefined;
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
});

/** Deploys with an endpoint that responds so; the hook has this environment. */
async function deployWith(respond: RequestHandler, timeouts = QUICK) {
  endpoint = await startHttpServer(respond);
  return deploy({ ENDPOINT_URL: `${endpoint.url}/production/recover-user` }, timeouts);
}

const deploy = (environment: Record<string, string>, timeouts = QUICK) =>
  codeDeploy.deploy({ afterAllowTraffic: createPostTrafficHook(environment, timeouts) });

const PREVIOUS_COMES_BACK = { status: 'Failed', live: 'previous' };
const PROBLEM = 'application/problem+json; charset=utf-8';
const BODY = JSON.stringify({ status: 422, errors: [{ pointer: '#/email', detail: 'none' }] });

/** A response with these parts, and the rest as it should be. */
const response =
  ({ status = 422, type = PROBLEM, body = BODY } = {}): RequestHandler =>
  (request, it) => {
    // as the managed rules of the web ACL do
    const isBlocked = request.headers['user-agent'] === undefined;
    it.writeHead(isBlocked ? 403 : status, { 'Content-Type': type }).end(body);
  };

describe('a deployment', () => {
  test.each([
    ['', {}],
    [' with a CAPTCHA', { CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_VERIFY_URL: 'http://127.0.0.1:1/' }],
  ])('succeeds when the deployed endpoint%s rejects a bad address', async (_what, variables) => {
    const service = await startRecoveryService({
      environment: variables,
      secret: JSON.stringify({ API_TOKEN: 'tok_A1b2C3-secret', CAPTCHA_SECRET: 'a-secret' }),
    });
    expect(await deploy({ ENDPOINT_URL: `${service.url}/recover-user` })).toEqual({
      status: 'Succeeded',
      live: 'new',
    });
    expect(service.tenant.mails).toEqual([]);
    expect(service.printed()).toContain('"Refused":1');
    expect(service.printed()).toContain('smoke test of the endpoint passed');
    await service.close();
  });

  test.each<[string, RequestHandler, RegExp]>([
    ['responds with a 502', response({ status: 502 }), /responds to a bad address with 502 instead of 422/],
    ['accepts everything', response({ status: 202 }), /with 202 instead of 422/],
    ['is the request model of the gateway alone', response({ status: 400 }), /with 400 instead of 422/],
    ['has no problem document', response({ type: 'application/json' }), /without a problem document/],
    ['says nothing of its content', (_request, it) => void it.writeHead(422).end(BODY), /without a problem/],
    ['complains about something else', response({ body: '{"status":422}' }), /does not point to the address/],
    ['sends no JSON', response({ body: '<html>' }), /does not point to the address/],
    ['sends no end', response({ body: 'x'.repeat(70_000) }), /does not point to the address/],
    ['closes the connection', (_request, it) => void it.destroy(), /no response \(ECONNRESET\)/],
  ])('is taken back when the endpoint %s', async (_what, respond, problem) => {
    expect(await deployWith(respond)).toEqual(PREVIOUS_COMES_BACK);
    expect(printed()).toContain('"message":"smoke test of the endpoint failed"');
    expect(printed()).toMatch(problem);
  });

  test('is taken back in time when the endpoint hangs', async () => {
    const timeouts = { ...QUICK, releaseTries: 2, releaseTestMs: 200 };
    expect(await deployWith(() => {}, timeouts)).toEqual(PREVIOUS_COMES_BACK);
    expect(printed()).toContain('no result in time');
  });

  test('succeeds when one response is lost', async () => {
    let requests = 0;
    const respond: RequestHandler = (request, it) => {
      requests += 1;
      return requests === 1 ? void it.destroy() : response()(request, it);
    };
    expect(await deployWith(respond)).toEqual({ status: 'Succeeded', live: 'new' });
  });

  test.each([{}, { ENDPOINT_URL: 'http://example.com/recover-user' }, { ENDPOINT_URL: 'recover-user' }])(
    'is taken back when the hook has no usable URL: %j',
    async (environment) => {
      expect(await deploy(environment)).toEqual(PREVIOUS_COMES_BACK);
      expect(printed()).toContain('ConfigError: ENDPOINT_URL ');
    },
  );
});

test('the entry of the Lambda takes the URL from its environment', async () => {
  endpoint = await startHttpServer(response());
  const { handler } = await import('../../../functions/release-hooks/post-traffic/index.ts');
  process.env['ENDPOINT_URL'] = `${endpoint.url}/recover-user`;
  expect(await codeDeploy.deploy({ afterAllowTraffic: handler })).toEqual({
    status: 'Succeeded',
    live: 'new',
  });
});

describe('a hook', () => {
  const environment = { ENDPOINT_URL: 'http://127.0.0.1:1/recover-user' };

  test('repeats its report when CodeDeploy fails', async () => {
    codeDeploy.fail(3);
    expect(await deployWith(response())).toEqual({ status: 'Succeeded', live: 'new' });
    expect(codeDeploy.calls).toHaveLength(4);
  });

  test('throws in time when CodeDeploy hangs', async () => {
    const hanging = await startHttpServer(() => {});
    setAwsEndpoints({ CODEDEPLOY: hanging.url });
    const hook = createPostTrafficHook(environment, { ...QUICK, releaseReportMs: 100 });
    const event = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'e-1' };
    await expect(hook(event)).rejects.toThrow();
    await hanging.close();
  });

  test('reports once, and throws when CodeDeploy does not know the deployment', async () => {
    const hook = createPostTrafficHook(environment, QUICK);
    const event = { DeploymentId: 'd-UNKNOWN', LifecycleEventHookExecutionId: 'none' };
    await expect(hook(event)).rejects.toThrow('InvalidLifecycleEventHookExecutionIdException');
    expect(codeDeploy.calls).toHaveLength(1);
  });

  test.each([undefined, {}, { DeploymentId: 'd-1' }, { kind: 'self-test' }])(
    'throws for the event %j, which is not from CodeDeploy, and reports nothing',
    async (event) => {
      await expect(createPostTrafficHook(environment)(event)).rejects.toThrow();
      expect(codeDeploy.calls).toEqual([]);
    },
  );
});
