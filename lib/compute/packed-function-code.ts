import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** The code of the function in a folder below `functions/`, as it was bundled when this package was packed. */
export function functionCode(folder: string): Code {
  return Code.fromAsset(join(__dirname, 'functions', folder));
}
