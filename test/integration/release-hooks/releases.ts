import { afterEach, beforeEach } from '@jest/globals';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { type CodeDeploy, startCodeDeploy } from '../../emulators/code-deploy.ts';
import { setAwsEndpoints } from '../emulated-aws.ts';
import { recordOutput } from '../recorded-output.ts';

/** Practically no pauses. */
export const QUICK = { ...TIMEOUTS, releasePauseMs: 1, releaseTestMs: 5_000 };

/** The emulated CodeDeploy of the current test. */
export let codeDeploy: CodeDeploy;
let output: ReturnType<typeof recordOutput>;

/** Everything printed since the start of the test. */
export const printed = () => output.printed();

/** Runs an emulated CodeDeploy for each test of the file. */
export function useReleases(): void {
  beforeEach(async () => {
    codeDeploy = await startCodeDeploy();
    setAwsEndpoints({ CODEDEPLOY: codeDeploy.url });
    output = recordOutput();
  });
  afterEach(async () => {
    output.stop();
    await codeDeploy.close();
  });
}
