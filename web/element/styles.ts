/** The minified text of `styles.css`, which `bundle.ts` defines. */
declare const STYLES: string;

let sheet: CSSStyleSheet | undefined;

/** Returns the style sheet of all elements. It is constructed, because a strict Content-Security-Policy blocks inline styles. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  return sheet;
}
