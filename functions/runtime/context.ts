import type { Telemetry } from './telemetry.ts';
import type { Timeouts } from './timeouts.ts';

/** What every adapter may use, beside its own slice of the configuration. */
export interface Context {
  telemetry: Telemetry;
  timeouts: Timeouts;
}
