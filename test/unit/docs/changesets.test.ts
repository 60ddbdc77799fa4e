import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import config from '../../../.changeset/config.json' with { type: 'json' };
import { getReleaseLine } from '../../../bin/release/changelog-lines.ts';
import manifest from '../../../package.json' with { type: 'json' };

const FOLDER = new URL('../../../.changeset/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

test('every changeset is a change of this package, of a known size, with a text', () => {
  const bad = files.filter((name) => {
    const [, changed, text = ''] = /^---\n(.+)\n---\n\n([\s\S]+)$/.exec(textOf(name)) ?? [];
    const sizes = ['major', 'minor', 'patch'].map((size) => `"${manifest.name}": ${size}`);
    return changed === undefined || !sizes.includes(changed) || text.trim() === '';
  });
  expect(bad).toEqual([]);
});

test('changesets give the package a version while it is private, too', () => {
  // the default: Changesets leaves a private package out, and reports success
  expect(config.privatePackages.version).toBe(true);
});

test('no line of a changeset is over 120 characters', () => {
  const lines = files.flatMap((name) => textOf(name).split('\n'));
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

describe('in the changelog', () => {
  test('a list of changes stays one', () => {
    expect(getReleaseLine({ summary: '\n- One.\n  More.\n- Two.\n' })).toBe('- One.\n  More.\n- Two.');
  });

  test('any other text is one item', () => {
    expect(getReleaseLine({ summary: 'One\nline.\n\nMore.' })).toBe('- One\n  line.\n\n  More.');
  });
});

function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}
