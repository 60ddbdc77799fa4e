'use client';

import {
  createElement,
  type HTMLAttributes,
  type ReactElement,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react';
import type { CompleteRecovery as CompletionElement } from '../../complete-recovery/complete-recovery.ts';
import type { RegisterCredential } from '../../complete-recovery/recovery-link.ts';
import type { CompletionTexts } from '../../languages/texts.ts';
import type { CompletionOptions } from '../types/attributes.ts';
import '../complete-recovery.ts';
import { type Listener, textAttributes, useListener } from './element-hooks.ts';

/** The attributes of the element, its callback and events, and what every element has, such as `className`, `id` and `lang`. */
export interface CompleteRecoveryProps extends CompletionOptions, HTMLAttributes<CompletionElement> {
  readonly registerCredential: RegisterCredential | undefined;
  /** Replaces texts. */
  readonly texts?: Partial<CompletionTexts> | undefined;
  readonly onRecoveryCompleted?: Listener<'recovery-completed'>;
  /** Not called for the state that the element begins with. */
  readonly onRecoveryStateChanged?: Listener<'recovery-state-changed'>;
  readonly ref?: Ref<CompletionElement | null> | undefined;
}

/** `<complete-recovery>` as a React component. Children are shown until the element is defined, or in its slot `logo`. */
export function CompleteRecovery({
  authenticationUrls,
  recoveryUrl,
  linkParameter,
  signInUrl,
  supportUrl,
  headingLevel,
  registerCredential,
  texts,
  onRecoveryCompleted,
  onRecoveryStateChanged,
  ref,
  ...others
}: CompleteRecoveryProps): ReactElement {
  const element = useRef<CompletionElement>(null);
  useImperativeHandle<CompletionElement | null, CompletionElement | null>(ref, () => element.current, []);
  useListener(element, 'recovery-completed', onRecoveryCompleted);
  useListener(element, 'recovery-state-changed', onRecoveryStateChanged);
  useLayoutEffect(() => {
    if (element.current) element.current.registerCredential = registerCredential;
  }, [registerCredential]);
  return createElement('complete-recovery', {
    ...others,
    'authentication-urls': authenticationUrls,
    'recovery-url': recoveryUrl,
    'link-parameter': linkParameter,
    'sign-in-url': signInUrl,
    'support-url': supportUrl,
    'heading-level': headingLevel,
    ...textAttributes(texts),
    ref: element,
  });
}
