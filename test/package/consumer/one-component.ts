// biome-ignore lint/performance/noBarrelFile: what an app that uses one component would bundle
export { RecoverUserForm } from 'beyond-identity-user-recovery/react';
