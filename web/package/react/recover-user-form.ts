'use client';

import {
  createElement,
  type HTMLAttributes,
  type ReactElement,
  type Ref,
  useImperativeHandle,
  useRef,
} from 'react';
import type { FormTexts } from '../../languages/texts.ts';
import type { RecoverUserForm as FormElement } from '../../recover-user-form/recover-user-form.ts';
import type { FormOptions } from '../types/attributes.ts';
import '../recover-user-form.ts';
import { type Listener, textAttributes, useListener } from './element-hooks.ts';

/** The attributes of the element, its events, and what every element has, such as `className`, `id` and `lang`. */
export interface RecoverUserFormProps extends FormOptions, HTMLAttributes<FormElement> {
  /** Replaces texts. */
  readonly texts?: Partial<FormTexts> | undefined;
  readonly onRecoveryRequested?: Listener<'recovery-requested'>;
  readonly onRecoveryFailed?: Listener<'recovery-failed'>;
  /** Not called for the state that the element begins with. */
  readonly onRecoveryStateChanged?: Listener<'recovery-state-changed'>;
  readonly ref?: Ref<FormElement | null> | undefined;
}

/** `<recover-user-form>` as a React component. Children are shown until the element is defined, or in its slot `logo`. */
export function RecoverUserForm({
  resendAfter,
  siteKey,
  captchaScript,
  signInUrl,
  supportUrl,
  headingLevel,
  texts,
  onRecoveryRequested,
  onRecoveryFailed,
  onRecoveryStateChanged,
  ref,
  ...others
}: RecoverUserFormProps): ReactElement {
  const element = useRef<FormElement>(null);
  useImperativeHandle<FormElement | null, FormElement | null>(ref, () => element.current, []);
  useListener(element, 'recovery-requested', onRecoveryRequested);
  useListener(element, 'recovery-failed', onRecoveryFailed);
  useListener(element, 'recovery-state-changed', onRecoveryStateChanged);
  return createElement('recover-user-form', {
    ...others,
    'resend-after': resendAfter,
    'site-key': siteKey,
    'captcha-script': captchaScript,
    'sign-in-url': signInUrl,
    'support-url': supportUrl,
    'heading-level': headingLevel,
    ...textAttributes(texts),
    ref: element,
  });
}
