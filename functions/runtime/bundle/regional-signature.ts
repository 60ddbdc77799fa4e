import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Stands in the bundle for the SDK's signer of EventBridge's endpoints for several regions, 4 KB of which only error
 * messages would be used: an event bus of ours is in one region.
 */
export class SignatureV4MultiRegion extends SignatureV4 {
  /** Says that signatures for several regions cannot be made. */
  static sigv4aDependency(): 'none' {
    return 'none';
  }
}
