import { fileURLToPath } from 'node:url';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BundleName, bundleFunction } from './bundle-function.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));

/** The code of a function, bundled at synthesis. In the package it is `packed-function-code.ts`. */
export function functionCode(bundle: BundleName): Code {
  return Code.fromAsset(FUNCTIONS, {
    // of the bundle: a change of the sources that does not get into it is no release
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // the CDK asks for an image, and uses none where the bundler runs on this machine
      image: DockerImage.fromRegistry('none'),
      // what distinguishes one bundle of the same sources from another to the CDK, which keeps each for the whole app
      command: [bundle],
      outputType: BundlingOutput.NOT_ARCHIVED,
      local: {
        tryBundle(outputFolder) {
          bundleFunction(bundle, outputFolder);
          return true;
        },
      },
    },
  });
}
