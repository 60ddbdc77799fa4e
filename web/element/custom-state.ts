/**
 * Exposes the state of a custom element to CSS and to scripts, as `:state(sent)`. Without an attribute, so that a framework that
 * hydrates the element finds the attributes that it has rendered.
 */
export function exposeState(internals: ElementInternals, kind: string, previous?: string): void {
  // Firefox before 126 has no custom states
  const states: CustomStateSet | undefined = internals.states;
  if (states === undefined) return;
  if (previous !== undefined) for (const name of [previous, `--${previous}`]) states.delete(name);
  try {
    states.add(kind);
  } catch {
    // Chromium before 125 has the older syntax `:--sent`
    states.add(`--${kind}`);
  }
}
