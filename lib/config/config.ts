import type { CaptchaProvider } from '../../web/recover-user-form/captcha-provider.ts';
import { type BeyondIdentityUrls, urlsOf } from './beyond-identity-schema.ts';
import { combinationProblems, lineOf, pairProblems } from './config-rules.ts';
import { type ConfigFile, configFile } from './config-schema.ts';

/** The configuration of one deployment: the settings of its file, and what follows from them. */
export interface Config
  extends Omit<ConfigFile, '$schema' | 'domainName' | 'certificateArn' | 'recoveryPage'> {
  /** Names the deployment: that of its file, and the first part of the endpoint's path without a custom domain. */
  stage: string;
  /** Base URLs of Beyond Identity's servers, without slashes at the end. */
  beyondIdentityUrls: BeyondIdentityUrls;
  /** A custom domain and its certificate in AWS Certificate Manager; absent: API Gateway's domain. */
  customDomain?: { domainName: string; certificateArn: string } | undefined;
  /** Whether this one deployment moves all requests to the new versions at once, and untested; absent: it does not. */
  isHotfix?: boolean;
  /** The recovery page that the stack hosts; absent: none. */
  recoveryPage?: RecoveryPageConfig | undefined;
}

/** Which CAPTCHA requests must pass. */
export type CaptchaConfig = NonNullable<ConfigFile['captcha']>;

/** Where an admitted request goes first. */
export type Delivery = ConfigFile['delivery'];

/** What the hosted recovery page needs to know of the configuration. */
export interface RecoveryPageConfig {
  /** The CAPTCHA's widget, and the provider's public key for it; absent: there is no CAPTCHA. */
  widget?: { provider: CaptchaProvider; siteKey: string } | undefined;
  /** Where "Back to sign-in" leads; absent: no link. */
  signInUrl?: string | undefined;
  /** Where users get help; absent: no link. */
  supportUrl?: string | undefined;
}

/** The configuration is not valid; the message has a line for each problem, with the setting, its value and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the contents of the file of a stage. Throws {@link ConfigError}, which names every problem at once. */
export function readConfig(stage: string, contents: Readonly<Record<string, unknown>>): Config {
  const { data, error } = configFile.safeParse(contents, { reportInput: true });
  const problems = [
    ...(error?.issues ?? []),
    ...pairProblems(contents),
    ...(data ? combinationProblems(data) : []),
  ];
  if (data === undefined || problems.length > 0) throw new ConfigError(problems.map(lineOf).join('\n'));
  const { $schema, domainName, certificateArn, recoveryPage, ...rest } = data;
  return {
    ...rest,
    stage,
    beyondIdentityUrls: urlsOf(rest.beyondIdentity),
    customDomain: domainName && certificateArn ? { domainName, certificateArn } : undefined,
    recoveryPage: recoveryPage
      ? { ...(recoveryPage !== true && recoveryPage), widget: widgetOf(rest.captcha) }
      : undefined,
  };
}

function widgetOf(captcha: CaptchaConfig | undefined): RecoveryPageConfig['widget'] {
  if (captcha?.siteKey === undefined) return undefined;
  const { provider, minimumScore, siteKey } = captcha;
  // only version 3 has scores, and nothing else distinguishes the two versions
  const hasScores = provider === 'recaptcha' && minimumScore !== undefined;
  return { provider: hasScores ? 'recaptcha-v3' : provider, siteKey };
}
