// biome-ignore lint/performance/noBarrelFile: the entry point of the package
export {
  createRegisterCredential,
  type RegisterCredentialOptions,
  registerCredential,
} from '../register-credential/index.ts';
