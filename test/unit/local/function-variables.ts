import { readDeliveryConfig } from '../../../functions/deliver-outbox/config.ts';
import { readConfig } from '../../../functions/recover-user/config.ts';
import type { Environment } from '../../../functions/runtime/environment.ts';

/** The configuration of one function. */
export type ReadFunctionConfig = (environment: Environment) => unknown;

/** How each function reads its configuration, by its name in the template. */
export const FUNCTIONS = {
  RecoverUserFunction: readConfig,
  DeliverOutboxFunction: readDeliveryConfig,
} as const satisfies Record<string, ReadFunctionConfig>;

/** The variables that a function reads when it starts in this environment. Throws its `ConfigError`. */
export function variablesRead(read: ReadFunctionConfig, environment: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  const recorded = new Proxy(environment, {
    get: (target, name) => {
      names.add(String(name));
      return target[String(name)];
    },
  });
  read(recorded);
  return names;
}
