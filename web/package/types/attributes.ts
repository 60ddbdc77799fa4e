import type { CompletionTexts, FormTexts } from '../../languages/texts.ts';
import type { CaptchaProvider } from '../../recover-user-form/captcha-provider.ts';

/** The level of the heading. */
export type HeadingLevel = 1 | 2 | 3 | 4 | 5 | 6;

/** What both elements have. */
interface CommonOptions {
  /** The page to go back to. */
  readonly signInUrl?: string | undefined;
  /** A page, a `mailto:` or a `tel:` URL. */
  readonly supportUrl?: string | undefined;
  /** The level of the heading; defaults to 2. */
  readonly headingLevel?: HeadingLevel | `${HeadingLevel}` | undefined;
}

/** The attributes of `<recover-user-form>` in camel case, without those that replace a text. */
export interface FormOptions extends CommonOptions {
  /** The stack's output `EndpointUrl`. */
  readonly endpoint: string;
  /** The initial address. */
  readonly email?: string | undefined;
  /** Seconds until the user may send again: the deployment's `mailboxCooldownSeconds`; defaults to 60. */
  readonly resendAfter?: number | `${number}` | undefined;
  /** Set if the deployment requires a CAPTCHA. */
  readonly captcha?: CaptchaProvider | undefined;
  /** The public key of the CAPTCHA. */
  readonly siteKey?: string | undefined;
  /** Replaces the URL of the CAPTCHA provider's script. */
  readonly captchaScript?: string | undefined;
}

/** The attributes of `<complete-recovery>` in camel case, without those that replace a text. */
export interface CompletionOptions extends CommonOptions {
  /** The exact URLs that the page may redirect to, separated by spaces. */
  readonly authenticationUrls: string;
  /** The page on which the user can request a new link. */
  readonly recoveryUrl?: string | undefined;
  /** A link without this query parameter is malformed. */
  readonly linkParameter?: string | undefined;
}

/** `signInUrl` becomes `sign-in-url`. */
type Hyphenated<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Hyphenated<Rest>}`
  : '';

type WithHyphens<Options> = {
  readonly [Name in keyof Options as Hyphenated<Name & string>]: Options[Name];
};

/** The attributes that replace a text in camel case, such as `textSentTitle`. */
export type TextOptions<Texts> = {
  readonly [Name in keyof Texts & string as `text${Capitalize<Name>}`]?: string | undefined;
};

/** The attributes of `<recover-user-form>`. */
export type FormAttributes = WithHyphens<FormOptions & TextOptions<FormTexts>>;

/** The attributes of `<complete-recovery>`. */
export type CompletionAttributes = WithHyphens<CompletionOptions & TextOptions<CompletionTexts>>;
