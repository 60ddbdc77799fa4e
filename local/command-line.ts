import { parseArgs } from 'node:util';
import { PLATFORMS } from '../functions/runtime/configuration-bounds.ts';
import type { PlatformName } from './platforms/platform.ts';

/** The output of `--help`. */
const USAGE = `Runs the service and a simulated Beyond Identity tenant on this machine.

  npm start -- [--platform ${PLATFORMS.join('|')}]

  --platform NAME  the platform of the tenant: v0 (default), with an API token, or v1, with client credentials
  --help, -h       this text

Variables: PORT, HOST, LOG_FORMAT, and some of the functions' own; see docs/configuration.md.`;

const OPTIONS = {
  platform: { type: 'string', default: 'v0' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line asks for, or its problem, with the option and the fix. */
export type CommandLine =
  | { readonly platform: PlatformName }
  | { readonly help: string }
  | { readonly problem: string };

/** Parses the arguments of `npm start`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const values = parseOptions(args);
  if (values === undefined) {
    return {
      problem: `Unknown option or value in: ${args.join(' ')}. For example: npm start -- --platform v1`,
    };
  }
  if (values.help) return { help: USAGE };
  const platform = PLATFORMS.find((name) => name === values.platform);
  if (platform !== undefined) return { platform };
  return {
    problem: `--platform must be ${PLATFORMS.join(' or ')}. For example: npm start -- --platform v1`,
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch {
    return undefined;
  }
}
