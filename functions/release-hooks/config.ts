import * as z from 'zod/mini';
import { listFromText } from '../runtime/configuration-bounds.ts';
import { type Environment, parseEnvironment, requiredText, secretUrl } from '../runtime/environment.ts';

/** What the pre-traffic hook tests. */
export interface PreTrafficConfig {
  /** ARNs of the versions that are being released, each with the number of its version. */
  versionArns: readonly string[];
}

/** What the post-traffic hook tests. */
export interface PostTrafficConfig {
  /** Where recovery requests are sent. */
  endpointUrl: URL;
}

const preTrafficSchema = z.object({
  RELEASED_VERSION_ARNS: requiredText('set it to the ARNs of the released versions, separated by commas'),
});

const postTrafficSchema = z.object({
  ENDPOINT_URL: requiredText('set it to the URL of the endpoint'),
});
const endpointSchema = z.object({ ENDPOINT_URL: secretUrl() });

/** Reads the configuration of the pre-traffic hook. Throws `ConfigError`. */
export function readPreTrafficConfig(environment: Environment): PreTrafficConfig {
  const { RELEASED_VERSION_ARNS } = parseEnvironment(preTrafficSchema, environment);
  return { versionArns: listFromText(RELEASED_VERSION_ARNS) };
}

/** Reads the configuration of the post-traffic hook. Throws `ConfigError`. */
export function readPostTrafficConfig(environment: Environment): PostTrafficConfig {
  const { ENDPOINT_URL } = parseEnvironment(postTrafficSchema, environment);
  parseEnvironment(endpointSchema, { ENDPOINT_URL });
  return { endpointUrl: new URL(ENDPOINT_URL) };
}
