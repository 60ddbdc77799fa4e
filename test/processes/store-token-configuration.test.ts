import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtWith } from '../unit/bin/tokens.ts';
import { secrets, storeToken, TOKEN, useAws } from './store-token-harness.ts';

const DAY_SECONDS = 24 * 60 * 60;
const V1_TOKEN = jwtWith({ bi_t: 't1', iss: 'https://auth-us.beyondidentity.com/v1/tenants/t1' });
const V1 = { platform: 'v1', region: 'us', tenantId: 't1', realmId: 'r1', authenticatorConfigId: 'c1' };
const APPLICATION = { applicationId: 'a1', applicationRealmId: 'r0' };

useAws();

/** A folder with the configuration files of a project. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-token-'));
  await mkdir(join(folder, 'config'));
  secrets.set('stack-secret', { SecretString: '{"API_TOKEN":"old","PSEUDONYM_KEY":"k"}' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const configure = (contents: string, stage = 'production') =>
  writeFile(join(folder, 'config', `${stage}.json`), contents);
const configureTenant = (beyondIdentity: object, stage?: string) =>
  configure(JSON.stringify({ beyondIdentity }), stage);
const store = (input: string, ...args: string[]) => storeToken(input, args, {}, folder);
const stored = (secret = 'stack-secret') => JSON.parse(secrets.get(secret)?.SecretString ?? '');

describe('npm run store-token compares the token with the configuration of the stage', () => {
  test('refuses one of the wrong platform, names setting, file and fix, and stores nothing', async () => {
    await configureTenant({ platform: 'v0', region: 'us' });
    const { exitCode, stderr, printed } = await store(V1_TOKEN);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Nothing was stored. beyondIdentity.platform is "v0"');
    expect(stderr).toContain('config/production.json');
    expect(printed).not.toContain(V1_TOKEN.split('.')[1]);
    expect(stored()).toEqual({ API_TOKEN: 'old', PSEUDONYM_KEY: 'k' });
  });

  test('reads the file of the stage', async () => {
    await configureTenant({ platform: 'v0', region: 'us' });
    await configureTenant({ ...V1, applicationId: null }, 'bare');
    secrets.set('other', { SecretString: 'old' });
    const { exitCode } = await store(V1_TOKEN, '--stage', 'bare', '--secret', 'other');
    expect(exitCode).toBe(0);
    expect(secrets.get('other')).toEqual({ SecretString: V1_TOKEN });
  });

  test('stores it nevertheless with --force, with the problem as a warning', async () => {
    await configureTenant({ platform: 'v0', region: 'us' });
    const { exitCode, stderr } = await store(V1_TOKEN, '--force');
    expect([exitCode, stored()['API_TOKEN']]).toEqual([0, V1_TOKEN]);
    expect(stderr).toMatch(/^Warning: beyondIdentity\.platform is "v0"/);
  });

  test('stores one that expires soon, with a warning', async () => {
    const token = jwtWith({ exp: Math.floor(Date.now() / 1000) + 3 * DAY_SECONDS });
    const { exitCode, stderr } = await store(token);
    expect([exitCode, stored()['API_TOKEN']]).toEqual([0, token]);
    expect(stderr).toMatch(/^Warning: The API token expires on \d{4}-\d\d-\d\d\./);
  });

  test.each([
    ['no file', undefined],
    ['a file that is not JSON', '{'],
    ['a file without the setting', '{"allowedOrigins":[]}'],
  ])('compares nothing with %s', async (_name, contents) => {
    if (contents !== undefined) await configure(contents);
    expect(await store(V1_TOKEN)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('npm run store-token -- --client-credentials', () => {
  test('stores both values instead of an API token, and shows neither', async () => {
    await configureTenant({ ...V1, ...APPLICATION });
    const { exitCode, printed } = await store('client-1\r\nsecret:2\r\n', '--client-credentials');
    expect(exitCode).toBe(0);
    expect(printed).not.toMatch(/client-1|secret:2/);
    expect(stored()).toEqual({ CLIENT_ID: 'client-1', CLIENT_SECRET: 'secret:2', PSEUDONYM_KEY: 'k' });
  });

  test.each(['', 'old-token', '123'])('replaces a bare value by JSON: %j', async (value) => {
    secrets.set('stack-secret', { SecretString: value });
    expect((await store('id\nsecret', '--client-credentials')).exitCode).toBe(0);
    expect(stored()).toEqual({ CLIENT_ID: 'id', CLIENT_SECRET: 'secret' });
  });

  test('an API token takes their place', async () => {
    secrets.set('stack-secret', {
      SecretString: '{"CLIENT_ID":"a","CLIENT_SECRET":"b","CAPTCHA_SECRET":"c"}',
    });
    expect((await store(TOKEN)).exitCode).toBe(0);
    expect(stored()).toEqual({ API_TOKEN: TOKEN, CAPTCHA_SECRET: 'c' });
  });

  test.each([
    ['an empty input', '', 'There is no client id in the input'],
    ['one line', 'id-1', 'There is no client secret in the input'],
    ['three lines', 'id-1\nsecret-1\nmore', 'the client id and the client secret are one line each'],
    ['a client id with a colon', 'id-1:x\nsecret-1', 'This is no client id: it contains invalid characters'],
    ['a client secret with a space', 'id-1\nsecret-1 x', 'This is no client secret'],
  ])('refuses %s and shows nothing of it', async (_name, input, message) => {
    const { exitCode, stderr, printed } = await store(input, '--client-credentials');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(printed).not.toMatch(/id-1|secret-1/);
    expect(stored()['API_TOKEN']).toBe('old');
  });

  test('refuses them for a stage that does not use them', async () => {
    await configureTenant(V1);
    const { exitCode, stderr } = await store('id\nsecret', '--client-credentials');
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('beyondIdentity.applicationId is not set'),
    ]);
  });

  test('does not go with --captcha', async () => {
    const { exitCode, stderr } = await store('id\nsecret', '--client-credentials', '--captcha');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('run one after the other')]);
  });
});

describe('npm run store-token keeps the secret readable', () => {
  test.each([
    ['true', [], { API_TOKEN: 'true' }],
    ['123456', [], { API_TOKEN: '123456' }],
    ['null', ['--captcha'], { CAPTCHA_SECRET: 'null' }],
  ])('stores %s as text, because a bare one would be read as JSON', async (value, args, expected) => {
    secrets.set('shared', { SecretString: '' });
    expect((await store(value, ...args, '--secret', 'shared')).exitCode).toBe(0);
    expect(stored('shared')).toEqual(expected);
  });

  test.each([[[]], [['--captcha']], [['--client-credentials']]])(
    'overwrites a secret that looks like JSON but is not only with --force: %j',
    async (args) => {
      const malformed = { SecretString: '{"API_TOKEN":"old",' };
      secrets.set('shared', malformed);
      const input = args[0] === '--client-credentials' ? 'id\nsecret' : TOKEN;
      const refused = await store(input, ...args, '--secret', 'shared');
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain('looks like JSON but cannot be parsed');
      expect(secrets.get('shared')).toEqual(malformed);
      expect((await store(input, ...args, '--secret', 'shared', '--force')).exitCode).toBe(0);
      expect(secrets.get('shared')?.SecretString).not.toContain('old');
    },
  );
});
