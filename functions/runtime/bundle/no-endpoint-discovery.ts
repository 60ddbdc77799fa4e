/**
 * Stands in the bundle for the SDK's endpoint discovery, 9 KB with its cache: no operation of DynamoDB that is called here
 * asks for it.
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

/** Finds no setting in the environment or in files. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: undefined,
};
