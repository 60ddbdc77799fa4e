import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { startHttpServer } from '../../../local/http-server.ts';
import { freePorts } from '../local/free-ports.ts';
import { diagnose, runDoctor } from './doctor-process.ts';
import {
  bury,
  createSecret,
  environment,
  expectProblems,
  plant,
  restartAsV1,
  simulation,
  storeSecret,
  useSimulation,
} from './doctor-simulation.ts';

useSimulation();

describe('npm run doctor -- --local', () => {
  test('finds nothing wrong with the simulation, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await runDoctor(['--local'], environment);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('No problems found.');
    const checks = lines.slice(0, -2);
    expect(checks.length).toBeGreaterThan(20);
    for (const line of checks) expect(line).toMatch(/^ok {7}[\w :/[\].,-]+: .+$/);
    expect(simulation.tenant.mails).toEqual([]);
  });

  test('prints one JSON document with --json', async () => {
    const { exitCode, status, checks, problems } = await diagnose({ isLocal: true }, environment);
    expect({ exitCode, status, problems }).toEqual({ exitCode: 0, status: 'ok', problems: [] });
    expect(checks).toContainEqual({ status: 'ok', name: 'dead-letter queue', detail: 'is empty' });
  });

  test('names the fix of a problem in a second line, and exits with 1', async () => {
    await plant({ subscription: 'pending' });
    const { exitCode, stdout } = await runDoctor(['--local'], environment);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^problem {2}alarm subscription: is not confirmed, and no alarm is emailed\n {9}fix: Confirm it: open the link/m,
    );
    expect(stdout).toMatch(/\n\nFound 1 problem\.\n$/);
  });
});

describe('npm run doctor -- --local finds a planted problem and its fix:', () => {
  test('an API token that Beyond Identity rejects', async () => {
    await storeSecret({ API_TOKEN: 'wrong' });
    await expectProblems([
      ['endpoint function, Beyond Identity', /rejects the token \(status 401\)/, /npm run store-token/],
      ['delivery function, Beyond Identity', /rejects the token \(status 401\)/, /npm run store-token/],
    ]);
  });

  test('client credentials that the authorization server of the v1 platform rejects', async () => {
    await restartAsV1();
    expect((await diagnose({ isLocal: true }, environment)).problems).toEqual([]);
    await storeSecret({ CLIENT_ID: 'wrong', CLIENT_SECRET: 'wrong' });
    const fix = /applicationId .*npm run store-token -- --client-credentials/;
    await expectProblems([
      ['endpoint function, token', /^no token: /, fix],
      ['delivery function, token', /^no token: /, fix],
    ]);
  });

  test('a table that is gone', async () => {
    const client = new DynamoDBClient({ endpoint: simulation.dynamoDbUrl });
    await client.send(new DeleteTableCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    client.destroy();
    await expectProblems([
      ['endpoint function, table', /ResourceNotFound/, /^Deploy the stack again/],
      ['delivery function, table', /ResourceNotFound/, /^Deploy the stack again/],
    ]);
  });

  test('an alarm subscription that is not confirmed', async () => {
    await plant({ subscription: 'pending' });
    await expectProblems([
      ['alarm subscription', /^is not confirmed/, /^Confirm it: .*Subscription Confirmation/],
    ]);
  });

  test('an alarm topic without a subscription', async () => {
    await plant({ subscription: 'none' });
    await expectProblems([['alarm subscription', /^nobody is subscribed/, /^Set alarmEmail/]]);
  });

  test('raised alarms', async () => {
    await plant({ raisedAlarms: ['TokenRefused', 'DeadLetters'] });
    await expectProblems([
      ['alarm RecoveryStack-TokenRefused', /^is raised since \d{4}-/, /docs\/operations\.md#tokenrefused$/],
      ['alarm RecoveryStack-DeadLetters', /^is raised since \d{4}-/, /docs\/operations\.md#deadletters$/],
    ]);
  });

  test.each([
    [1, /^holds 1 request$/],
    [3, /^holds 3 requests$/],
  ])('%i requests in the dead-letter queue', async (count, detail) => {
    await bury(count);
    await expectProblems([['dead-letter queue', detail, /npm run redrive -- --local$/]]);
  });

  test('an allowed origin that the endpoint does not allow', async () => {
    await plant({ outputs: { AllowedOrigins: `${simulation.appUrl},https://app.example.com` } });
    await expectProblems([
      [
        'CORS for https://app.example.com',
        /^the endpoint does not allow this origin$/,
        /^Set allowedOrigins in config\/production\.json/,
      ],
    ]);
  });

  test('a deployed version that is not the one checked out', async () => {
    await plant({ outputs: { Version: '0.9.0' } });
    await expectProblems([
      ['version', /^0\.9\.0 is deployed, and .* is checked out$/, /^Deploy this version/],
    ]);
  });

  test('a secret without a value', async () => {
    await createSecret('empty');
    await plant({ outputs: { ApiTokenSecretArn: 'empty', CaptchaSecretArn: 'empty' } });
    await expectProblems([
      ['API token secret', /^empty has no value$/, /^Run npm run store-token -- --local$/],
      ['CAPTCHA secret', /^empty has no value$/, /^Run npm run store-token -- --local --captcha$/],
    ]);
  });

  test('a secret that is gone', async () => {
    await plant({ outputs: { ApiTokenSecretArn: 'gone' } });
    await expectProblems([['API token secret', /^gone is gone$/, /^Deploy the stack again/]]);
  });

  test('a function that ends at its start', async () => {
    await plant({ crashingFunctions: ['DeliverOutboxFunction'] });
    await expectProblems([
      [
        'delivery function',
        /^ended without a result: Runtime\.ExitError$/,
        /aws logs tail DeliverOutboxFunctionLogs /,
      ],
    ]);
  });

  test('a function that is gone', async () => {
    await plant({ outputs: { RecoverUserFunctionName: 'gone' } });
    await expectProblems([['endpoint function', /^gone is gone$/, /^Deploy the stack again/]]);
  });

  test('an endpoint that cannot be reached', async () => {
    const closed = await startHttpServer(() => {});
    await closed.close();
    await plant({ outputs: { EndpointUrl: `${closed.url}/recover-user` } });
    const { checks } = await expectProblems([
      ['endpoint', /recover-user: no response \(ECONNREFUSED\)$/, /^Check the network and, with domainName/],
    ]);
    expect(checks).toContainEqual({
      status: 'skipped',
      name: 'CORS',
      detail: 'the endpoint does not respond',
    });
  });

  test('a stack of an older version, without the outputs', async () => {
    const names = [
      'Version',
      'RecoverUserFunctionName',
      'DeliverOutboxFunctionName',
      'AlarmNamePrefix',
      'AlarmTopicArn',
    ];
    await plant({ outputs: Object.fromEntries(names.map((name) => [name, null])) });
    const { checks } = await expectProblems([
      ['stack', /^RecoveryStack has no outputs RecoverUser/, /^Deploy this/],
    ]);
    const skipped = checks.filter(({ status }) => status === 'skipped').map(({ name }) => name);
    expect(skipped).toEqual([
      'version',
      'endpoint function',
      'delivery function',
      'alarm subscription',
      'alarms',
    ]);
  });

  test('a stack that does not exist', async () => {
    const { exitCode, problems } = await diagnose({ isLocal: true, stage: 'staging' }, environment);
    expect([exitCode, problems.length]).toEqual([1, 1]);
    expect(problems[0]?.detail).toContain('There is no stack RecoveryStack-staging');
  });

  test('a simulation that is not running', async () => {
    const port = await freePorts();
    const { exitCode, problems } = await diagnose({ isLocal: true }, { PORT: String(port) });
    expect([exitCode, problems.length]).toEqual([1, 1]);
    expect(problems[0]?.fix).toContain('Start the simulation with npm start');
  });
});
