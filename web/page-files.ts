import { readFileSync } from 'node:fs';
import { bundleFiles } from './bundle.ts';

/**
 * The files that a page loads, by their names: its script, the languages that this loads, the styles and the icon. In the
 * package it is `packed-page-files.ts`. Throws esbuild's errors.
 */
export function pageFiles(script: string): Record<string, string> {
  return {
    ...bundleFiles(`pages/${script}.ts`, script),
    'page.css': readSource('pages/page.css'),
    'icon.svg': readSource('pages/icon.svg'),
  };
}

/** The HTML of every page, with marks where it differs. */
export function pageTemplate(): string {
  return readSource('pages/page.html');
}

function readSource(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
