import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A position in a stack, as V8 writes that of an ES module. */
const POSITION = /(file:.+?):(\d+):(\d+)/g;

/** Replaces the positions of the bundle in a stack by those in the TypeScript files. Throws nothing. */
export type OriginalPositions = (stack: string) => string;

/**
 * Positions by the source map beside a bundle, which is read when the first one is asked for: Node's own
 * `--enable-source-maps` reads it at every start. Without a map that can be used, a stack stays as it is.
 */
export function createOriginalPositions(bundleUrl: string): OriginalPositions {
  let map: SourceMap | undefined;
  return (stack) => {
    try {
      return stack.replace(POSITION, (position, url, line, column) => {
        if (url !== bundleUrl) return position;
        map ??= readMap(bundleUrl);
        const origin = map.findOrigin(Number(line), Number(column));
        return 'fileName' in origin
          ? `${inProject(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
          : position;
      });
    } catch {
      return stack;
    }
  };
}

function readMap(bundleUrl: string): SourceMap {
  // whatever is wrong with it, Node's parser throws, or finds no position
  const payload: SourceMapPayload = JSON.parse(readFileSync(`${fileURLToPath(bundleUrl)}.map`, 'utf8'));
  return new SourceMap(payload);
}

/** The path of a source file in the project, by its path from the bundle in cdk.out. */
function inProject(source: string): string {
  return source.replace(/^(\.\.\/)+/, '');
}

/** Positions in this bundle. */
export const originalPositions = createOriginalPositions(import.meta.url);

/** Rejects with an error that prevented the start, with the positions in the TypeScript files in its stack. */
export async function rejectStart(error: unknown): Promise<never> {
  if (error instanceof Error && error.stack) error.stack = originalPositions(error.stack);
  throw error;
}
