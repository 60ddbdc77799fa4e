import type { RegisterCredential } from 'beyond-identity-user-recovery/complete-recovery';
import { CompleteRecovery, RecoverUserForm } from 'beyond-identity-user-recovery/react';
import type { RecoverUserForm as FormElement } from 'beyond-identity-user-recovery/recover-user-form';
import { createRef } from 'react';

const form: FormElement | null = document.querySelector('recover-user-form');
form?.addEventListener('recovery-failed', ({ detail }) => detail.reason === 'offline' && detail.requestId);
form?.addEventListener('recovery-state-changed', ({ detail }) => detail.title.length);
// @ts-expect-error: no such reason
form?.addEventListener('recovery-failed', ({ detail }) => detail.reason === 'unknown-user');

const registerCredential: RegisterCredential = async (link, { signal }) => {
  await fetch(link, { signal });
  return { redirectUrl: 'https://app.example.com/' };
};
const completion = document.querySelector('complete-recovery');
if (completion) {
  completion.registerCredential = registerCredential;
  // @ts-expect-error: no function
  completion.registerCredential = 'bind';
}

/** Components. */
export const components = [
  <RecoverUserForm
    key="form"
    ref={createRef<FormElement | null>()}
    endpoint="https://recovery.example.com/recover-user"
    className="card"
    resendAfter={90}
    captcha="turnstile"
    headingLevel={1}
    texts={{ title: 'Lost your device?' }}
    onRecoveryFailed={({ detail }) => detail.reason}
  >
    <img slot="logo" src="logo.svg" alt="" />
  </RecoverUserForm>,
  <CompleteRecovery key="completion" authenticationUrls="/sign-in" registerCredential={registerCredential} />,
  // @ts-expect-error: no endpoint
  <RecoverUserForm key="1" />,
  // @ts-expect-error: a misspelled prop
  <RecoverUserForm key="2" endpoint="/recover-user" resendAftr={90} />,
  // @ts-expect-error: no such text
  <RecoverUserForm key="3" endpoint="/recover-user" texts={{ titel: 'Lost your device?' }} />,
  // @ts-expect-error: no such CAPTCHA
  <RecoverUserForm key="4" endpoint="/recover-user" captcha="puzzle" />,
  // @ts-expect-error: no function
  <CompleteRecovery key="5" authenticationUrls="/sign-in" registerCredential="bind" />,
];

/** Elements in JSX. */
export const elements = [
  <recover-user-form
    key="form"
    endpoint="/recover-user"
    sign-in-url="/sign-in"
    text-sent-title="Sent"
    onrecovery-failed={({ detail }) => detail.reason}
  />,
  <complete-recovery
    key="completion"
    authentication-urls="/sign-in"
    registerCredential={registerCredential}
    onrecovery-completed={({ detail }) => detail}
  />,
  // @ts-expect-error: no endpoint
  <recover-user-form key="1" />,
  // @ts-expect-error: no such level
  <recover-user-form key="2" endpoint="/recover-user" heading-level={7} />,
  // @ts-expect-error: no function
  <complete-recovery key="3" authentication-urls="/sign-in" registerCredential="bind" />,
];
