/** The stage that is deployed where none is named. */
export const DEFAULT_STAGE = 'production';

/** The name of the stack of a stage. */
export function stackNameOf(stage: string): string {
  return stage === DEFAULT_STAGE ? 'RecoveryStack' : `RecoveryStack-${stage}`;
}
