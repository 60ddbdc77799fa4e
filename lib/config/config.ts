import { ConfigError } from './config-error.ts';
import { combinationProblems, lineOf, pairProblems } from './config-rules.ts';
import { type ConfigFile, configFile } from './config-schema.ts';

/** The configuration of one deployment: the settings of its file, and which file that is. */
export interface Config extends Omit<ConfigFile, '$schema'> {
  /** Names the deployment: that of its file, and the first part of the endpoint's path without a custom domain. */
  stage: string;
  /** Whether this one deployment moves all requests to the new versions at once, and untested; absent: it does not. */
  isHotfix?: boolean;
}

/** Which CAPTCHA requests must pass. */
export type CaptchaConfig = NonNullable<ConfigFile['captcha']>;

/** Where an admitted request goes first. */
export type Delivery = ConfigFile['delivery'];

/** Reads the contents of the file of a stage. Throws {@link ConfigError}, which names every problem at once. */
export function readConfig(stage: string, contents: Readonly<Record<string, unknown>>): Config {
  const { data, error } = configFile.safeParse(contents, { reportInput: true });
  const problems = [
    ...(error?.issues ?? []),
    ...pairProblems(contents),
    ...(data ? combinationProblems(data) : []),
  ];
  if (data === undefined || problems.length > 0) throw new ConfigError(problems.map(lineOf).join('\n'));
  const { $schema, ...settings } = data;
  return { ...settings, stage };
}
