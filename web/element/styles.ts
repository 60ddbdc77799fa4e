/**
 * The page can set colors and sizes through the `--recovery-...` custom properties. Light or dark follows the page's
 * `color-scheme`, so that a page without a dark theme gets no dark form. The short names are redefined inside the shadow tree,
 * where the page's rules do not apply.
 */
const CSS = `
:host {
  display: block;
  color: var(--recovery-text, inherit);
  overflow-wrap: anywhere;
}
.content {
  --accent: var(--recovery-accent, #1d4ed8);
  --on-accent: var(--recovery-on-accent, #ffffff);
  --error: var(--recovery-error, #b3261e);
  --field: var(--recovery-field, #ffffff);
  --field-text: var(--recovery-field-text, #161b26);
  --border: var(--recovery-border, #6b7385);
  --radius: var(--recovery-radius, 0.5rem);
  --gap: var(--recovery-gap, 1rem);
}
@supports (color: light-dark(#000, #fff)) {
  .content {
    --accent: var(--recovery-accent, light-dark(#1d4ed8, #8ab4ff));
    --on-accent: var(--recovery-on-accent, light-dark(#ffffff, #0b1220));
    --error: var(--recovery-error, light-dark(#b3261e, #ffb4ab));
    --field: var(--recovery-field, light-dark(#ffffff, #10141c));
    --field-text: var(--recovery-field-text, light-dark(#161b26, #e8ecf4));
    --border: var(--recovery-border, light-dark(#6b7385, #8d96aa));
  }
}
:host([hidden]), [hidden] { display: none; }
.content, form { display: grid; gap: var(--gap); }
h1, h2, h3, h4, h5, h6, p { margin: 0; }
h1, h2, h3, h4, h5, h6 { font-size: 1.5em; line-height: 1.25; }
[tabindex="-1"]:focus { outline: none; }
.field { display: grid; gap: 0.375rem; }
label { font-weight: 600; }
input {
  box-sizing: border-box;
  inline-size: 100%;
  min-block-size: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--border);
  border-radius: var(--radius);
  background: var(--field);
  color: var(--field-text);
  font: inherit;
  text-align: match-parent;
}
input[aria-invalid="true"] { border: 2px solid var(--error); }
.error { color: var(--error); }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; }
button, .button {
  box-sizing: border-box;
  min-block-size: 2.75rem;
  padding: 0.5rem 1.25rem;
  border: 1px solid transparent;
  border-radius: var(--radius);
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.secondary, [aria-disabled="true"] {
  border-color: var(--accent);
  background: transparent;
  color: var(--accent);
}
[aria-disabled="true"] { border-style: dashed; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.progress { block-size: 0.25rem; border-radius: 1rem; overflow: hidden; background: var(--border); }
.progress::before {
  content: "";
  display: block;
  block-size: 100%;
  inline-size: 40%;
  border-radius: inherit;
  background: var(--accent);
  animation: progress 1.2s ease-in-out infinite alternate;
}
@keyframes progress { to { margin-inline-start: 60%; } }
@media (prefers-reduced-motion: reduce) {
  .progress::before { animation: none; inline-size: 100%; }
}
@media (forced-colors: active) {
  .progress::before { background: Highlight; }
}
.visually-hidden {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
`;

let sheet: CSSStyleSheet | undefined;

/** Returns the style sheet of all elements. It is constructed, because a strict Content-Security-Policy blocks inline styles. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
