import type {} from 'beyond-identity-user-recovery/vue';
import type { GlobalComponents } from 'vue';

/** The props of a component in a template. */
type Props<Name extends keyof GlobalComponents> = InstanceType<GlobalComponents[Name]>['$props'];

/** Props of `<recover-user-form>`. */
export const form: Props<'recover-user-form'> = {
  endpoint: '/recover-user',
  signInUrl: '/sign-in',
  textSentTitle: 'Sent',
  class: 'card',
  onRecoveryFailed: ({ detail }) => detail.reason === 'offline',
};

/** Props of `<complete-recovery>`. */
export const completion: Props<'complete-recovery'> = {
  authenticationUrls: '/sign-in',
  registerCredential: async (link, { signal }) => fetch(link, { signal }),
  onRecoveryCompleted: ({ detail }) => detail,
};

// @ts-expect-error: no such CAPTCHA
export const wrong: Props<'recover-user-form'> = { endpoint: '/recover-user', captcha: 'puzzle' };
