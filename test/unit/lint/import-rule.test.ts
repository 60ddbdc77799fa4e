import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const BIOME = join(import.meta.dirname, '../../../node_modules/.bin/biome');
const CONFIGURATION = join(import.meta.dirname, '../../../biome.json');

const REJECTED: [folder: string, imported: string][] = [
  ['functions/core', 'node:fs'],
  ['functions/core', 'zod/mini'],
  ['functions/core', '@aws-sdk/client-sqs'],
  ['functions/core', '../adapters/http/https-client.ts'],
  ['functions/core', '../runtime/clock.ts'],
  ['functions/adapters/aws', '../../recover-user/config.ts'],
  ['functions/adapters/aws', '../../deliver-outbox/config.ts'],
  ['functions/runtime', '../adapters/http/https-client.ts'],
  ['functions/recover-user', '../deliver-outbox/config.ts'],
  ['functions/recover-user/http', '../../../lib/api/openapi.ts'],
  ['functions/deliver-outbox', '../recover-user/config.ts'],
  ['functions/deliver-outbox', '../release-hooks/hook.ts'],
  ['functions/adapters/aws', '../../release-hooks/config.ts'],
  ['functions/release-hooks', '../recover-user/config.ts'],
  ['functions/release-hooks', '../../lib/config/config.ts'],
  ['lib/api', '../../functions/core/forward.ts'],
  ['lib/api', '../../local/start.ts'],
  ['examples/events', '../../lib/monitoring/event-bus.ts'],
  ['bin', '../test/infrastructure/synthesis.ts'],
  ['web', '../local/start.ts'],
];
const ALLOWED: [folder: string, imported: string][] = [
  ['functions/core', './forward.ts'],
  ['functions/adapters/aws', '../../core/recover-user.ts'],
  ['functions/adapters/aws', '../../runtime/deadline.ts'],
  ['functions/deliver-outbox', '../core/recover-user.ts'],
  ['functions/recover-user', '../adapters/aws/sqs-outbox.ts'],
  ['functions/release-hooks', '../adapters/http/smoke-test.ts'],
  ['lib/api', '../../functions/recover-user/http/contract.ts'],
  ['lib/monitoring', '../../functions/runtime/metric-names.ts'],
  ['lib/monitoring', '../../functions/runtime/event-names.ts'],
  ['examples/events', 'aws-cdk-lib/aws-events'],
  ['local', '../functions/recover-user/handler.ts'],
];

/** One file for each import, because the linter takes longer to start than to check them all. */
const planted = [...REJECTED, ...ALLOWED].map(([folder, imported], index) => ({
  path: `${folder}/planted-${index}.ts`,
  imported,
}));

let project: string;
let output: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'import-rule-'));
  await cp(CONFIGURATION, join(project, 'biome.json'));
  for (const { path, imported } of planted) {
    await mkdir(join(project, dirname(path)), { recursive: true });
    await writeFile(join(project, path), `import { it } from '${imported}';\nexport const planted = it;\n`);
  }
  const options = [
    'lint',
    '--vcs-enabled=false',
    '--only=style/noRestrictedImports',
    '--max-diagnostics=none',
  ];
  output = await new Promise((resolve) => {
    execFile(BIOME, [...options, '.'], { cwd: project }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** Whether the linter rejects the file that imports this from this folder. */
function isRejected(folder: string, imported: string): boolean {
  const file = planted.find((one) => one.imported === imported && one.path.startsWith(`${folder}/planted-`));
  if (file === undefined) throw new Error(`${folder} imports no ${imported}`);
  return output.includes(`${file.path}:1:`);
}

describe('the import rule', () => {
  test('is applied to every file', () => {
    // and to its configuration
    expect(output).toContain(`Checked ${planted.length + 1} files`);
  });

  test.each(REJECTED)('rejects a file of %s that imports %s', (folder, imported) => {
    expect(isRejected(folder, imported)).toBe(true);
  });

  test.each(ALLOWED)('allows a file of %s to import %s', (folder, imported) => {
    expect(isRejected(folder, imported)).toBe(false);
  });
});
