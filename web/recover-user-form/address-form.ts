import { create } from '../element/create.ts';
import type { View } from '../element/stateful-element.ts';
import type { FormTexts } from './texts.ts';

/** The longest address that the endpoint accepts. */
const MAX_EMAIL_LENGTH = 254;

/** The `<form>` with the email address, the CAPTCHA and the progress bar. */
export interface AddressForm {
  /** The address as typed. */
  readonly email: string;
  /** Whether the browser accepts the address. The endpoint uses the same grammar. */
  readonly isValid: boolean;
  /** Fills in the address that the page provides, unless the user has typed another one. */
  prefill(email: string): void;
  /** Returns the view of a state that shows the form. */
  view(
    kind: 'idle' | 'invalid-address' | 'captcha' | 'sending',
    texts: FormTexts,
    heading: HTMLElement,
  ): View;
}

/** Creates the form. `onCancel` is called when the user cancels the CAPTCHA. */
export function createAddressForm(onSubmit: () => void, onCancel: () => void): AddressForm {
  const label = create('label', { for: 'address', part: 'label' });
  const input = create('input', {
    id: 'address',
    part: 'input',
    name: 'email',
    type: 'email',
    required: '',
    maxlength: `${MAX_EMAIL_LENGTH}`,
    autocomplete: 'email',
    autocapitalize: 'none',
    spellcheck: 'false',
    dir: 'ltr',
    'aria-describedby': 'error',
  });
  const error = create('p', { id: 'error', class: 'error', part: 'error' });
  const captchaMessage = create('p', { tabindex: '-1', part: 'message' });
  const captcha = create('div', {}, captchaMessage, create('slot', { name: 'captcha' }));
  const progress = create('div', { class: 'progress', part: 'progress', role: 'progressbar' });
  const submitButton = create('button', { type: 'submit', part: 'button' });
  const cancelButton = create('button', { type: 'button', class: 'secondary', part: 'button' });
  const form = create(
    'form',
    { novalidate: '', part: 'form' },
    create('div', { class: 'field' }, label, input, error),
    captcha,
    create('div', { class: 'actions' }, submitButton, cancelButton),
    progress,
  );
  let lastProvidedEmail = '';

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onSubmit();
  });
  cancelButton.addEventListener('click', onCancel);

  return {
    get email() {
      return input.value;
    },
    get isValid() {
      return input.validity.valid;
    },
    prefill(email) {
      if (input.value === lastProvidedEmail) input.value = email;
      lastProvidedEmail = email;
    },
    view(kind, texts, heading) {
      const isCaptcha = kind === 'captcha';
      const isSending = kind === 'sending';
      const isInvalid = kind === 'invalid-address';
      label.textContent = texts.addressLabel;
      input.readOnly = isSending || isCaptcha;
      input.ariaInvalid = `${isInvalid}`;
      error.textContent = isInvalid ? texts.invalidAddress : '';
      error.hidden = !isInvalid;
      captchaMessage.textContent = texts.captcha;
      captcha.hidden = !isCaptcha;
      submitButton.textContent = isSending ? texts.sending : texts.submit;
      // `disabled` would remove the focus
      submitButton.ariaDisabled = `${isSending}`;
      submitButton.hidden = isCaptcha;
      cancelButton.textContent = texts.otherAddress;
      cancelButton.hidden = !isCaptcha;
      progress.ariaLabel = texts.sending;
      progress.hidden = !isSending;
      const content = [heading, create('p', { part: 'message' }, texts.introduction), form];
      if (isCaptcha) return { content, focus: captchaMessage, announcement: texts.captcha };
      if (isSending) return { content, focus: submitButton, announcement: texts.sending };
      return { content, focus: input, announcement: isInvalid ? texts.invalidAddress : texts.title };
    },
  };
}
