import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { UserRecovery } from '../../lib/user-recovery.ts';
import type { UserRecoveryProps } from '../../lib/user-recovery-props.ts';
import { FAST_CONTEXT } from './synthesis.ts';

/** Where each app has an output folder of its own: the CDK makes one at once, and never removes it. */
const outputs = mkdtempSync(join(tmpdir(), 'construct-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** The properties that every deployment has to have. */
export const REQUIRED = {
  beyondIdentity: { platform: 'v0', region: 'us' },
  directory: { type: 'email' },
  allowedOrigins: [],
} as const satisfies UserRecoveryProps;

/** A stack of somebody else's app, with more of the CDK's context. */
export function stackOfAnApp(id = 'Theirs', context: Readonly<Record<string, unknown>> = {}): Stack {
  const app = new App({
    outdir: mkdtempSync(join(outputs, 'cdk.out-')),
    context: { ...FAST_CONTEXT, ...context },
  });
  return new Stack(app, id, { env: { account: '123456789012', region: 'eu-west-1' } });
}

/** A deployment in a stack of somebody else's app, with the least that it has to have and these properties. */
export function deploymentIn(
  stack: Stack,
  props: Partial<UserRecoveryProps> = {},
  id = 'Recovery',
): UserRecovery {
  return new UserRecovery(stack, id, { ...REQUIRED, ...props });
}
