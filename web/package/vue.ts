import type { HTMLAttributes, PublicProps } from 'vue';
import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import type { CompletionTexts, FormTexts } from '../languages/texts.ts';
import type { CompletionOptions, FormOptions, TextOptions } from './types/attributes.ts';
import type { RecoveryEventMap } from './types/events.ts';

type PascalCase<Name extends string> = Name extends `${infer Word}-${infer Rest}`
  ? `${Capitalize<Word>}${PascalCase<Rest>}`
  : Capitalize<Name>;

/** Vue's name of a listener, such as `onRecoveryRequested` for `@recovery-requested`. */
type Handlers<Type extends keyof RecoveryEventMap> = {
  readonly [Name in Type as `on${PascalCase<Name>}`]?: ((event: RecoveryEventMap[Name]) => void) | undefined;
};

/** What Vue's language tools need to know about a custom element. */
type CustomElement<Props> = new () => { readonly $props: Props & HTMLAttributes & PublicProps };

/** `<recover-user-form>` in a template. */
export type RecoverUserFormInVue = CustomElement<
  FormOptions &
    TextOptions<FormTexts> &
    Handlers<'recovery-requested' | 'recovery-failed' | 'recovery-state-changed'>
>;

/** `<complete-recovery>` in a template. */
export type CompleteRecoveryInVue = CustomElement<
  CompletionOptions &
    TextOptions<CompletionTexts> &
    Handlers<'recovery-completed' | 'recovery-state-changed'> & {
      readonly registerCredential?: RegisterCredential | undefined;
    }
>;

declare module 'vue' {
  interface GlobalComponents {
    'recover-user-form': RecoverUserFormInVue;
    'complete-recovery': CompleteRecoveryInVue;
  }
}
