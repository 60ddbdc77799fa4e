import { type BeyondIdentityConfig, readBeyondIdentityConfig } from './beyond-identity-config.ts';
import { type DirectoryConfig, readDirectoryConfig } from './directory-config.ts';
import { ConfigError, type Environment, readBoth } from './environment.ts';

/** The tenant of Beyond Identity's, and where its users are found. */
export interface TenantConfig {
  beyondIdentity: BeyondIdentityConfig;
  directory: DirectoryConfig;
}

/** Reads the tenant and the directory. Throws `ConfigError`, with the problems of both. */
export function readTenantConfig(environment: Environment): TenantConfig {
  const [beyondIdentity, directory] = readBoth(
    () => readBeyondIdentityConfig(environment),
    () => readDirectoryConfig(environment),
  );
  const takesIds = beyondIdentity.platform === 'v1' && beyondIdentity.references === 'identity-id';
  if (takesIds && directory.type === 'email') {
    throw new ConfigError(
      'DIRECTORY_REFERENCE must be user-name or empty with DIRECTORY email: an address is no id',
    );
  }
  return { beyondIdentity, directory };
}
