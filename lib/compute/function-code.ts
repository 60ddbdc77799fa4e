import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunction } from './bundle-function.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));

/** The code of the function in a folder below `functions/`, bundled at synthesis. In the package it is `packed-function-code.ts`. */
export function functionCode(folder: string): Code {
  return Code.fromAsset(join(FUNCTIONS, folder), {
    // of the bundle: a change of the sources that does not get into it is no release
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // the CDK asks for an image, and uses none where the bundler runs on this machine
      image: DockerImage.fromRegistry('none'),
      outputType: BundlingOutput.NOT_ARCHIVED,
      local: {
        tryBundle(outputFolder) {
          bundleFunction(`functions/${folder}/index.ts`, outputFolder);
          return true;
        },
      },
    },
  });
}
