import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import openApi from '../../../openapi.json' with { type: 'json' };
import packageJson from '../../../package.json' with { type: 'json' };
import { anchors, documentAt, documents, linkTargets, prose, ROOT } from './markdown.ts';

const all = documents();
/** Documents whose lines wrap at 120; the API reference is generated. */
const wrapped = all.filter(({ path }) => !/^(web|docs\/api-reference)\//.test(path));
const scripts = new Set(Object.keys(packageJson.scripts));

/** Commands of npm itself, which no script of package.json is behind. */
const COMMANDS_OF_NPM = new Set(['ci', 'install', 'rebuild', 'audit', 'run', 'pack', 'pkg', 'sbom', 'trust']);

/** What is wrong with a link; `undefined` where it resolves or leads to another site. */
function problemOf(target: string, from: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const url = path === '' ? new URL(from, ROOT) : new URL(path, new URL(from, ROOT));
  if (!existsSync(url)) return `${target}: no such file`;
  if (anchor === undefined) return undefined;
  const document = documentAt(url.href.slice(ROOT.href.length));
  return anchors(document.text).has(anchor) ? undefined : `${target}: no such heading`;
}

test('finds the documents', () => {
  expect(all.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/operations.md', 'docs/adr/README.md']),
  );
});

test.each(all)('every relative link and anchor in $path resolves', ({ path, text }) => {
  expect(
    linkTargets(text)
      .map((target) => problemOf(target, path))
      .filter(Boolean),
  ).toEqual([]);
});

test.each(all)('every npm script that $path mentions exists', ({ text }) => {
  const run = [...text.matchAll(/\bnpm run (?:--?\w+ )*([\w:-]+)/g)].map(([, name = '']) => name);
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => name);
  expect([...run, ...short].filter((name) => !scripts.has(name))).toEqual([]);
});

test.each(all)('every npm command that $path mentions exists', ({ text }) => {
  const commands = [...text.matchAll(/(?:^|`)npm ([a-z]+)/gm)].map(([, name = '']) => name);
  expect(commands.filter((name) => !scripts.has(name) && !COMMANDS_OF_NPM.has(name))).toEqual([]);
});

test.each(wrapped)('no line of prose in $path is over 120 characters', ({ text }) => {
  const lines = prose(text).split('\n');
  // a table's row cannot be wrapped, nor an image or a link
  expect(lines.filter((line) => line.length > 120 && !/^\||\]\(/.test(line))).toEqual([]);
});

test('the README is at most 150 lines long', () => {
  expect(documentAt('README.md').text.split('\n').length).toBeLessThanOrEqual(151);
});

test('every decision is listed', () => {
  const listed = linkTargets(documentAt('docs/adr/README.md').text);
  const files = all.map(({ path }) => path).filter((path) => /^docs\/adr\/\d{4}-/.test(path));
  expect([...listed].sort()).toEqual(files.map((path) => path.replace('docs/adr/', '')).sort());
});

test('package.json and openapi.json have the same version', () => {
  expect(openApi.info.version).toBe(packageJson.version);
});
