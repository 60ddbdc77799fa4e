import { type RefObject, useLayoutEffect } from 'react';
import { textAttribute } from '../../element/language.ts';
import type { RecoveryEventMap } from '../types/events.ts';

/** A listener of one of the elements' events. */
export type Listener<Type extends keyof RecoveryEventMap> =
  | ((event: RecoveryEventMap[Type]) => void)
  | undefined;

/** Listens to an event of an element. React's own props for events are not set while it hydrates. */
export function useListener<Type extends keyof RecoveryEventMap>(
  element: RefObject<HTMLElement | null>,
  type: Type,
  listener: Listener<Type>,
): void {
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null || listener === undefined) return undefined;
    current.addEventListener(type, listener);
    return () => current.removeEventListener(type, listener);
  }, [element, type, listener]);
}

/** Returns the attributes that replace texts. */
export function textAttributes(
  texts: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [textAttribute(name), text]));
}
