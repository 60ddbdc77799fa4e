/** The panel's styles: below the page, or beside it on a wide screen. */
const PANEL_CSS = `
:host {
  --background: light-dark(#ffffff, #161c28);
  --text: light-dark(#161b26, #e8ecf4);
  --quiet: light-dark(#4a5263, #b4bccb);
  --border: light-dark(#c3c9d6, #3a4356);
  --accent: light-dark(#1d4ed8, #8ab4ff);
  --on-accent: light-dark(#ffffff, #0b1220);
  --done: light-dark(#17652f, #7fd69a);
  --problem: light-dark(#b3261e, #ffb4ab);
  color-scheme: light dark;
  box-sizing: border-box;
  display: block;
  inline-size: 100%;
  place-self: stretch;
  margin-block-start: 1rem;
  border-block-start: 1px solid var(--border);
  background: var(--background);
  color: var(--text);
  font: 0.875rem/1.45 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
aside { padding: 0.75rem 1rem 1.5rem; }
summary { cursor: pointer; }
summary h2 { display: inline; }
details details { margin-block: 0.5rem; }
details details > summary { font-weight: 600; }
h2 { font-size: 1rem; }
h3 { font-size: 0.875rem; margin-block: 1.25rem 0.5rem; }
p { margin-block: 0.5rem; }
a { color: var(--accent); }
[role="status"] { background: var(--background); position: sticky; inset-block-start: 0; margin-block: 0; padding-block: 0.5rem; font-weight: 600; }
[role="status"]:empty { padding-block: 0; }
/* keeps a focused element from being covered */
a, button, summary { scroll-margin-block-start: 4rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-block-start: 0.5rem; }
ol { margin: 0; padding-inline-start: 1.5rem; }
ol > li { margin-block: 0.375rem; color: var(--quiet); }
ol > li:not([data-state="waiting"]) { color: inherit; }
.state { font-weight: 600; white-space: nowrap; }
[data-state="done"] > .state { color: var(--done); }
[data-state="problem"] > .state { color: var(--problem); }
ul { margin: 0; padding: 0; list-style: none; color: var(--quiet); }
time { font-variant-numeric: tabular-nums; }
.choices { display: flex; flex-wrap: wrap; gap: 0.375rem; }
button {
  min-block-size: 2rem;
  padding: 0.25rem 0.625rem;
  border: 1px solid var(--accent);
  border-radius: 0.375rem;
  background: transparent;
  color: var(--accent);
  font: inherit;
  cursor: pointer;
}
button[aria-pressed="true"] { background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none; }
@media (min-width: 60rem) {
  :host {
    position: fixed;
    inset-block: 0;
    margin-block: 0;
    inset-inline-end: 0;
    inline-size: 23rem;
    border-block-start: none;
    border-inline-start: 1px solid var(--border);
    overflow: auto;
  }
}
@media (forced-colors: active) {
  button[aria-pressed="true"] { border-width: 3px; font-weight: 700; }
}
`;

/** Makes room for the panel. */
const PAGE_CSS = `
@media (min-width: 60rem) {
  body { padding-inline-end: 24rem; }
}
`;

/** The panel's style sheet. */
export function panelStyle(): CSSStyleSheet {
  return sheetOf(PANEL_CSS);
}

/** The style sheet for the page beside the panel. */
export function pageStyle(): CSSStyleSheet {
  return sheetOf(PAGE_CSS);
}

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
