import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The template of every page, and a folder for each script, beside the packed construct. */
const PAGES = join(__dirname, 'pages');

/** The files that a page loads, by their names, as they were built when this package was packed. */
export function pageFiles(script: string): Record<string, string> {
  const folder = join(PAGES, script);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]),
  );
}

/** The HTML of every page, with marks where it differs. */
export function pageTemplate(): string {
  return readFileSync(join(PAGES, 'page.html'), 'utf8');
}
