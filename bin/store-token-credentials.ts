/** One value of a credential: a line of the input, and a key of the secret. */
export interface CredentialField {
  /** Its key in the secret. */
  key: string;
  name: string;
  shortName: string;
  /** What every such value matches. */
  pattern: RegExp;
  /** Whether the terminal shows it while it is typed. */
  isShown: boolean;
}

/** What `npm run store-token` stores. */
export interface Credential {
  fields: readonly CredentialField[];
  /** Keys that the functions would mistake for the credential, or that are of no use beside it. */
  replaces: readonly string[];
  /** Whether a secret may hold the value alone, without JSON around it. */
  mayBeBare: boolean;
  /** Whether it takes the place of a bare value, which may be an API token. */
  replacesBare: boolean;
  /** The stack's output with the secret's ARN. */
  output: string;
  /** What to do where the stack has no such output. */
  fix: string;
}

/** token68, what a bearer token is made of (RFC 6750), and every provider's secret key too. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** Visible ASCII; HTTP's Basic authentication ends the user name at a colon. */
const CLIENT_ID = /^[\x21-\x39\x3b-\x7e]+$/;
const CLIENT_SECRET = /^[\x21-\x7e]+$/;

const SECRET_OF_STACK = { output: 'ApiTokenSecretArn', fix: 'Deploy it again' };

export const API_TOKEN: Credential = {
  ...SECRET_OF_STACK,
  fields: [{ key: 'API_TOKEN', name: 'API token', shortName: 'token', pattern: TOKEN, isShown: false }],
  replaces: ['CLIENT_ID', 'CLIENT_SECRET'],
  mayBeBare: true,
  replacesBare: true,
};

export const CLIENT_CREDENTIALS: Credential = {
  ...SECRET_OF_STACK,
  fields: [
    { key: 'CLIENT_ID', name: 'client id', shortName: 'client id', pattern: CLIENT_ID, isShown: true },
    {
      key: 'CLIENT_SECRET',
      name: 'client secret',
      shortName: 'client secret',
      pattern: CLIENT_SECRET,
      isShown: false,
    },
  ],
  replaces: ['API_TOKEN'],
  mayBeBare: false,
  replacesBare: true,
};

export const CAPTCHA: Credential = {
  fields: [
    {
      key: 'CAPTCHA_SECRET',
      name: 'secret key of a CAPTCHA provider',
      shortName: 'secret key',
      pattern: TOKEN,
      isShown: false,
    },
  ],
  replaces: [],
  mayBeBare: true,
  replacesBare: false,
  output: 'CaptchaSecretArn',
  fix: 'Set captcha in the file of the stage in config/, and deploy it',
};
