/**
 * The configuration is not valid; the message has a line for each problem, with the setting, its value and the fix.
 *
 * @hideconstructor
 */
export class ConfigError extends Error {
  /** Tells it from other errors where `instanceof` cannot. */
  override readonly name = 'ConfigError';
}
