/** The style of the mailbox: a list of emails, and the open one beside it or, on a narrow screen, below it. */
export const MAILBOX_STYLE = `
:root {
  color-scheme: light dark;
  --background: light-dark(#f4f6fa, #10141c);
  --surface: light-dark(#ffffff, #1a202c);
  --chosen: light-dark(#e3eafd, #24304a);
  --text: light-dark(#161b26, #e8ecf4);
  --quiet: light-dark(#4a5263, #b4bccb);
  --border: light-dark(#c3c9d6, #3a4356);
  --accent: light-dark(#1d4ed8, #8ab4ff);
  --on-accent: light-dark(#ffffff, #0b1220);
}
body { margin: 0; padding: 1rem; background: var(--background); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-inline-size: 60rem; margin-inline: auto; overflow-wrap: anywhere; }
h1 { margin-block: 0; font-size: 1.5rem; }
main a { color: var(--accent); }
main :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { color: var(--quiet); }
.client { display: grid; border: 1px solid var(--border); border-radius: 0.5rem; background: var(--surface); overflow: hidden; }
.avatar { display: grid; place-items: center; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.list { max-block-size: 12rem; overflow: auto; border-block-end: 1px solid var(--border); }
.list ol { margin: 0; padding: 0; list-style: none; }
.list li + li { border-block-start: 1px solid var(--border); }
.list a { display: grid; grid-template-columns: auto 1fr auto; gap: 0 0.5rem; padding: 0.625rem 0.75rem; font-size: 0.9375rem; color: inherit; text-decoration: none; outline-offset: -3px; }
.list a:hover { background: var(--background); }
.list a[aria-current] { background: var(--chosen); box-shadow: inset 0.25rem 0 var(--accent); }
.list .avatar { grid-row: 1 / 4; inline-size: 2rem; block-size: 2rem; }
.list .sender { grid-column: 2 / 4; }
.list .subject { grid-column: 2; }
.list time { color: var(--quiet); font-size: 0.875rem; }
.list .to { grid-column: 2 / 4; color: var(--quiet); font-size: 0.875rem; }
.sender { font-weight: 600; }
.address { display: inline-block; }
.copy { display: inline-block; padding-inline: 0.5rem; border: 1px solid currentcolor; border-radius: 1rem; font-size: 0.8125rem; font-weight: 600; }
article { padding: 1rem clamp(1rem, 3vw, 1.5rem) 1.5rem; }
article h2 { margin-block: 0 0.75rem; font-size: 1.25rem; }
header { display: grid; grid-template-columns: auto 1fr; gap: 0 0.75rem; padding-block-end: 0.75rem; border-block-end: 1px solid var(--border); }
dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 0 0.75rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
.button { display: inline-block; padding: 0.625rem 1.25rem; border-radius: 0.5rem; background: var(--accent); font-weight: 600; text-decoration: none; }
main a.button { color: var(--on-accent); }
@media (min-width: 80rem), (min-width: 42rem) and (max-width: 59.9375rem) {
  .client { grid-template-columns: 18rem 1fr; }
  .list { max-block-size: 36rem; border-block-end: none; border-inline-end: 1px solid var(--border); }
}
`;
