/** The configuration is not valid; the message has a line for each problem, with the setting, its value and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
