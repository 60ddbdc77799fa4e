import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import cdk from '../../cdk.json' with { type: 'json' };
import production from '../../config/production.json' with { type: 'json' };
import { ConfigError } from '../../lib/config/config-error.ts';
import { CONFIG_SCHEMA_FILE, configOf, configSchemaText } from '../../lib/config/config-files.ts';
import { SETTING_NAMES } from '../../lib/config/config-schema.ts';
import { stackNameOf } from '../../lib/config/stages.ts';

describe('the configuration files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(join(folder, 'production.json'), JSON.stringify(production));
    writeFileSync(
      join(folder, 'staging.json'),
      JSON.stringify({ ...production, beyondIdentity: { platform: 'v0', region: 'eu' } }),
    );
    writeFileSync(join(folder, 'config.schema.json'), '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const problemsOf = (context: Record<string, unknown>): string[] => {
    try {
      configOf(context, folder);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.message.split('\n');
    }
  };

  test('are picked by the stage, which is production by default', () => {
    expect(configOf({}, folder)).toMatchObject({
      stage: 'production',
      beyondIdentity: { region: 'us' },
    });
    expect(configOf({ stage: 'staging' }, folder)).toMatchObject({
      stage: 'staging',
      beyondIdentity: { region: 'eu' },
    });
    expect([stackNameOf('production'), stackNameOf('staging')]).toEqual([
      'RecoveryStack',
      'RecoveryStack-staging',
    ]);
  });

  test.each(['stagin', 'Production', '../cdk', 'config.schema', '', 7, null])(
    'do not include one for the stage %j, and the error names those that there are',
    (stage) => {
      expect(problemsOf({ stage: stage ?? 'nowhere' })).toEqual([
        expect.stringMatching(/^-c stage=.*: there is no config\/.*The stages are: production, staging\./),
      ]);
    },
  );

  test('suggest the stage that a misspelled one resembles', () => {
    expect(problemsOf({ stage: 'stagin' })[0]).toContain('did you mean staging?');
  });

  test('are the only place for a setting', () => {
    expect(problemsOf({ region: 'eu', alowedOrigins: 'x', stage: 'staging' })).toEqual([
      '-c region: set beyondIdentity.region in config/staging.json instead, where the next deployment finds it, too',
      '-c alowedOrigins: set allowedOrigins in config/staging.json instead, where the next deployment finds it, too',
    ]);
  });

  test('stay as they are for a hotfix, which -c canary=off makes of one deployment', () => {
    expect(configOf({ canary: 'off' }, folder)).toMatchObject({ canary: production.canary, isHotfix: true });
    expect(configOf({}, folder)).toMatchObject({ isHotfix: false });
  });

  test.each(['of', 'on', '{"percent":50}', '', true])('are the only place for the canary %j', (canary) => {
    expect(problemsOf({ canary })).toEqual([
      '-c canary: set canary in config/production.json instead, where the next deployment finds it, too; for a hotfix: -c canary=off',
    ]);
  });

  test("leave alone what the CDK's own tools keep in the context", () => {
    expect(problemsOf({ ...cdk.context, 'aws:cdk:y': 1, 'cli-telemetry': false })).toEqual([]);
    expect(Object.keys(cdk.context).filter((name) => !name.startsWith('@'))).toEqual([]);
  });

  test('are named in every problem', () => {
    writeFileSync(
      join(folder, 'staging.json'),
      JSON.stringify({ ...production, beyondIdentity: { platform: 'v2' }, throttelBurst: 1 }),
    );
    expect(problemsOf({ stage: 'staging' })).toEqual([
      'config/staging.json: beyondIdentity.platform is "v2"; it must be "v0" or "v1"',
      'config/staging.json: throttelBurst: unknown setting; did you mean throttleBurst?',
    ]);
  });

  test.each([
    ['{', /^config\/staging\.json: is not JSON: /],
    ['[]', /^config\/staging\.json: must be a JSON object/],
  ])('that hold %s are rejected', (contents, problem) => {
    writeFileSync(join(folder, 'staging.json'), contents);
    expect(problemsOf({ stage: 'staging' })).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the JSON Schema of the configuration', () => {
  test('is committed as it is generated from the settings; if not: npm run config-schema', () => {
    expect(readFileSync(CONFIG_SCHEMA_FILE, 'utf8')).toBe(configSchemaText());
  });

  test('describes every setting', () => {
    const { properties }: { properties: Record<string, { description?: string }> } = JSON.parse(
      configSchemaText(),
    );
    for (const name of SETTING_NAMES) expect(properties[name]?.description).toMatch(/^.{10,}/);
  });
});
