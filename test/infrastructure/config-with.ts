import production from '../../config/production.json' with { type: 'json' };
import { type Config, readConfig } from '../../lib/config/config.ts';
import { ConfigError } from '../../lib/config/config-error.ts';

/** The committed configuration of production, with these settings changed. Throws {@link ConfigError}. */
export function configWith(settings: Readonly<Record<string, unknown>> = {}, stage = 'production'): Config {
  return readConfig(stage, { ...production, ...settings });
}

/** The lines of the error about a configuration with these settings changed; none: it is valid. */
export function problemsOf(settings: Readonly<Record<string, unknown>>): string[] {
  try {
    configWith(settings);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

/** The variables about the tenant in the committed configuration: every variable is declared, and absent ones are empty. */
export const V0_TENANT = {
  BEYOND_IDENTITY_PLATFORM: 'v0',
  BEYOND_IDENTITY_API_URL: 'https://api.byndid.com',
  BEYOND_IDENTITY_AUTH_URL: '',
  BEYOND_IDENTITY_TENANT_ID: '',
  BEYOND_IDENTITY_REALM_ID: '',
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: '',
  BEYOND_IDENTITY_APPLICATION_ID: '',
  BEYOND_IDENTITY_APPLICATION_REALM_ID: '',
  BEYOND_IDENTITY_JOB_SCOPE: '',
  POST_BINDING_REDIRECT_URI: '',
  DIRECTORY: 'email',
  DIRECTORY_TABLE_NAME: '',
  DIRECTORY_INDEX_NAME: '',
  DIRECTORY_ADDRESS_ATTRIBUTE: '',
  DIRECTORY_REFERENCE_ATTRIBUTE: '',
  DIRECTORY_FUNCTION_ARN: '',
  DIRECTORY_REFERENCE: '',
  AWS_ENDPOINT_URL_LAMBDA: '',
};
