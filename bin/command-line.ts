import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DEFAULT_STAGE } from '../lib/config/stages.ts';
import { OperatorError } from './stack-outputs.ts';

/** The options that the commands about a deployment share. */
export const STAGE_OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  stage: { type: 'string', default: DEFAULT_STAGE },
} as const;

/** In place of a stage, the simulation of `npm start`. */
export const LOCAL_OPTION = { local: { type: 'boolean', default: false } } as const;

/** One JSON document in place of text. */
export const JSON_OPTION = { json: { type: 'boolean', default: false } } as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options and arguments of this process. Throws {@link OperatorError} with the usage where they do not fit. */
export function readCommandLine<const Known extends Options, const Positionals extends boolean = false>(
  usage: string,
  options: Known,
  allowPositionals?: Positionals,
) {
  try {
    return parseArgs({ options, allowPositionals: allowPositionals ?? false });
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
