import type { completion, form } from './en.ts';

/** The texts of `<recover-user-form>` by name. `{address}`, `{number}` and `{time}` are placeholders. */
export type FormTexts = Readonly<Record<keyof typeof form, string>>;

/** The texts of `<complete-recovery>` by name. */
export type CompletionTexts = Readonly<Record<keyof typeof completion, string>>;
