import production from '../../config/production.json' with { type: 'json' };
import { type Config, ConfigError, readConfig } from '../../lib/config/config.ts';

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
