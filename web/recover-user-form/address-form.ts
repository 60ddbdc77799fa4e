import { create } from '../element/create.ts';
import type { View } from '../element/stateful-element.ts';
import type { FormTexts } from '../languages/texts.ts';
import { cleanEmailAddress, isEmailAddress } from './email-address.ts';

/** The `<form>` with the email address and the CAPTCHA. */
export interface AddressForm {
  /** The address as typed, without what comes along when it is copied. */
  readonly email: string;
  /** Whether the endpoint may accept the address. */
  readonly isValid: boolean;
  /** Selects the address, so that typing replaces it. */
  select(): void;
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
    // `email` would show an international domain in its encoded form
    type: 'text',
    inputmode: 'email',
    required: '',
    autocomplete: 'email',
    autocapitalize: 'none',
    autocorrect: 'off',
    spellcheck: 'false',
    dir: 'ltr',
    'aria-describedby': 'error',
  });
  const error = create('p', { id: 'error', class: 'error', part: 'error' });
  const captchaMessage = create('p', { tabindex: '-1', part: 'message' });
  const captcha = create('div', {}, captchaMessage, create('slot', { name: 'captcha' }));
  const submitButton = create('button', { type: 'submit', part: 'button' });
  const cancelButton = create('button', { type: 'button', class: 'secondary', part: 'button' });
  const form = create(
    'form',
    { novalidate: '', part: 'form' },
    create('div', { class: 'field' }, label, input, error),
    captcha,
    create('div', { class: 'actions' }, submitButton, cancelButton),
  );
  let lastProvidedEmail = '';

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    input.value = cleanEmailAddress(input.value);
    onSubmit();
  });
  input.addEventListener('paste', (event) => {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const address = cleanEmailAddress(pasted);
    if (address === pasted || input.readOnly) return;
    event.preventDefault();
    input.setRangeText(address, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
  });
  cancelButton.addEventListener('click', onCancel);

  return {
    get email() {
      return input.value;
    },
    get isValid() {
      return isEmailAddress(input.value);
    },
    select: () => input.select(),
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
      submitButton.classList.toggle('busy', isSending);
      submitButton.hidden = isCaptcha;
      cancelButton.textContent = texts.otherAddress;
      cancelButton.hidden = !isCaptcha;
      const { title } = texts;
      const content = [heading, create('p', { part: 'message' }, texts.introduction), form];
      if (isCaptcha) return { title, content, focus: captchaMessage, announcement: texts.captcha };
      if (isSending) return { title, content, focus: submitButton, announcement: texts.sending };
      return { title, content, focus: input, announcement: isInvalid ? texts.invalidAddress : title };
    },
  };
}
