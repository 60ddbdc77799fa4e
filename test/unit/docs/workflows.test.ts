import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };

const FOLDER = new URL('../../../.github/workflows/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

describe('a stage', () => {
  test('is deployed, then checked, then tested from outside, in this order', () => {
    const commands = [...textOf('deploy-stage.yml').matchAll(/run: (.+)$/gm)].map(([, command]) => command);
    expect(commands).toEqual([
      'npm ci',
      expect.stringMatching(/^npx cdk deploy .*-c "stage=\$\{STAGE\}"/),
      expect.stringMatching(/^npm run doctor -- --stage "\$\{STAGE\}"$/),
      expect.stringMatching(/^npm run smoke -- --stage "\$\{STAGE\}"$/),
    ]);
  });

  test('of production comes after staging, and staging after CI', () => {
    const needs = [...textOf('deploy.yml').matchAll(/^ {2}(\w+):\n {4}needs: (\w+)$/gm)];
    expect(needs.map(([, job, needed]) => [job, needed])).toEqual([
      ['staging', 'ci'],
      ['production', 'staging'],
    ]);
  });
});

describe('a release', () => {
  const jobs = new Map(
    textOf('release.yml')
      .split(/^(?= {2}[\w-]+:\n)/m)
      .map((text) => [/^ {2}([\w-]+):/.exec(text)?.[1] ?? '', text]),
  );

  test('is planned, checked by CI, packed, published and tagged, in this order', () => {
    const needs = ['ci', 'package', 'publish', 'github-release'].map(
      (job) => /needs: (.+)/.exec(jobs.get(job) ?? '')?.[1],
    );
    expect(needs).toEqual(['plan', '[plan, ci]', 'package', '[plan, publish]']);
  });

  test('is published by the one job that npm trusts, which runs nothing of the repository or its packages', () => {
    const trusted = [...jobs].filter(([, text]) => text.includes('id-token: write')).map(([name]) => name);
    expect(trusted).toEqual(['publish']);
    const publish = jobs.get('publish') ?? '';
    expect([...publish.matchAll(/run: (.+)/g)].map(([, command]) => command)).toEqual([
      expect.stringMatching(/^npm publish .*--provenance.* --ignore-scripts$/),
    ]);
    expect(publish).not.toContain('actions/checkout');
  });
});

describe.each(readdirSync(FOLDER))('%s', (name) => {
  test('runs npm scripts that exist', () => {
    const scripts = [...textOf(name).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });

  test('gives no input or variable to a shell but by its environment', () => {
    for (const [, command] of textOf(name).matchAll(/run: (.+)$/gm)) expect(command).not.toContain('${{');
  });
});
