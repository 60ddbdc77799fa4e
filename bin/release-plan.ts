import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { releasePlan } from './release/release-plan.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/*
 * Script of the workflow release.yml: prints what comes next as outputs of its step, or fails with an annotation for each
 * reason not to publish. It needs no packages.
 */
const tags = execFileSync('git', ['tag', '--list'], { cwd: ROOT, encoding: 'utf8', timeout: 10_000 });
const { next, version, refusals } = releasePlan({
  manifest,
  changesetFiles: readdirSync(`${ROOT}.changeset`),
  tags: tags.split('\n'),
  npmPackage: process.env['NPM_PACKAGE'] ?? '',
  repository: process.env['GITHUB_REPOSITORY'] ?? '',
});
for (const refusal of refusals) {
  console.error(`::error file=package.json::${version} is not published: ${refusal}`);
}
if (refusals.length > 0) process.exitCode = 1;
else console.log(`next=${next}\nversion=${version}`);
