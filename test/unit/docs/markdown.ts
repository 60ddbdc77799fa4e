import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder with package.json. */
export const ROOT = new URL('../../../', import.meta.url);

/** Folders without documents of this project. */
const LEFT_OUT = new Set(['node_modules', 'cdk.out', 'coverage', 'dist']);

/** A document of the project. */
export interface Document {
  /** Relative to the root, such as `docs/cost.md`. */
  path: string;
  text: string;
}

/** Every Markdown file of the project. */
export function documents(folder = ''): Document[] {
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      const isHidden = entry.name.startsWith('.') && entry.name !== '.github';
      return isHidden || LEFT_OUT.has(entry.name) ? [] : documents(`${path}/`);
    }
    return entry.name.endsWith('.md') ? [documentAt(path)] : [];
  });
}

/** The document at a path relative to the root. */
export function documentAt(path: string): Document {
  return { path, text: readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8') };
}

/** The text without fenced code blocks, which hold neither headings nor links. */
export function prose(text: string): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** The headings of a level, in order. */
export function headings(text: string, level: number): string[] {
  return [...prose(text).matchAll(new RegExp(`^#{${level}} (.+)$`, 'gm'))].map(([, title = '']) => title);
}

/** The anchors that GitHub gives the headings of a document. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, title = ''] of prose(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let number = 1; found.has(anchor); number++) anchor = `${slug}-${number}`;
    found.add(anchor);
  }
  return found;
}

/** What the inline links and images of a document lead to, outside of code. */
export function linkTargets(text: string): string[] {
  const withoutCode = prose(text).replaceAll(/`[^`\n]*`/g, 'code');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}
