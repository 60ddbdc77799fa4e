import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { BundleName } from './bundle-function.ts';

/** The code of a function, as it was bundled when this package was packed. */
export function functionCode(bundle: BundleName): Code {
  return Code.fromAsset(join(__dirname, 'functions', bundle));
}
