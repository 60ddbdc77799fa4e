import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const BIOME = join(import.meta.dirname, '../../../node_modules/.bin/biome');
const CONFIGURATION = join(import.meta.dirname, '../../../biome.json');

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'import-rule-'));
  await cp(CONFIGURATION, join(project, 'biome.json'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

/** Whether the linter rejects a file at this path for importing this. */
async function isRejected(path: string, imported: string): Promise<boolean> {
  await mkdir(join(project, dirname(path)), { recursive: true });
  await writeFile(join(project, path), `import { it } from '${imported}';\nexport const planted = it;\n`);
  const options = ['lint', '--vcs-enabled=false', '--only=style/noRestrictedImports', path];
  const { output, exitCode } = await new Promise<{ output: string; exitCode: number }>((resolve) => {
    const child = execFile(BIOME, options, { cwd: project }, (_error, stdout, stderr) =>
      resolve({ output: stdout + stderr, exitCode: child.exitCode ?? -1 }),
    );
  });
  expect(output).toContain('Checked 1 file');
  return exitCode !== 0;
}

describe('the import rule', () => {
  test.each([
    ['functions/core/planted.ts', 'node:fs'],
    ['functions/core/planted.ts', 'zod/mini'],
    ['functions/core/planted.ts', '@aws-sdk/client-sqs'],
    ['functions/core/planted.ts', '../adapters/http/https-client.ts'],
    ['functions/core/planted.ts', '../runtime/clock.ts'],
    ['functions/adapters/aws/planted.ts', '../../recover-user/config.ts'],
    ['functions/adapters/aws/planted.ts', '../../deliver-outbox/config.ts'],
    ['functions/runtime/planted.ts', '../adapters/http/https-client.ts'],
    ['functions/recover-user/planted.ts', '../deliver-outbox/config.ts'],
    ['functions/recover-user/http/planted.ts', '../../../lib/api/openapi.ts'],
    ['functions/deliver-outbox/planted.ts', '../recover-user/config.ts'],
    ['lib/api/planted.ts', '../../functions/core/forward.ts'],
    ['lib/api/planted.ts', '../../local/start.ts'],
    ['bin/planted.ts', '../test/infrastructure/synthesis.ts'],
    ['web/planted.ts', '../local/start.ts'],
  ])('rejects %s importing %s', async (path, imported) => {
    expect(await isRejected(path, imported)).toBe(true);
  });

  test.each([
    ['functions/core/planted.ts', './forward.ts'],
    ['functions/adapters/aws/planted.ts', '../../core/recover-user.ts'],
    ['functions/adapters/aws/planted.ts', '../../runtime/deadline.ts'],
    ['functions/deliver-outbox/planted.ts', '../core/recover-user.ts'],
    ['functions/recover-user/planted.ts', '../adapters/aws/sqs-outbox.ts'],
    ['lib/api/planted.ts', '../../functions/recover-user/http/contract.ts'],
    ['lib/monitoring/planted.ts', '../../functions/runtime/metric-names.ts'],
    ['local/planted.ts', '../functions/recover-user/handler.ts'],
  ])('allows %s importing %s', async (path, imported) => {
    expect(await isRejected(path, imported)).toBe(false);
  });
});
