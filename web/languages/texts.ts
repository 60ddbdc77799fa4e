import type { completion, form } from './en.ts';

// Invisible and look-alike characters are written as escapes in the languages: U+2011 is a hyphen at which "e-mail" does not break,
// U+00A0 and U+202F are the spaces before a punctuation mark that stays on its line.

/** The texts of `<recover-user-form>` by name. `{address}`, `{number}` and `{time}` are placeholders. */
export type FormTexts = Readonly<Record<keyof typeof form, string>>;

/** The texts of `<complete-recovery>` by name. */
export type CompletionTexts = Readonly<Record<keyof typeof completion, string>>;
