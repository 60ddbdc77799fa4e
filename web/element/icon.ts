import { create } from './create.ts';

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Drawn in a square of 24 units. */
const PATHS = {
  sent: 'M3 6h18v12H3zM3 6.5l9 7 9-7',
  done: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8 12.5l3 3 5.5-6.5',
  problem: 'M12 3.5 22 20.5H2zM12 10v4.5M12 17.2v.6',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** A heading with an icon, which says the same without words. */
export function headed(name: IconName, heading: HTMLElement): HTMLElement {
  return create('div', { class: 'header' }, icon(name), heading);
}

/** Built from nodes, because the page's policy may block images and inline styles. */
function icon(name: IconName): SVGSVGElement {
  const image = document.createElementNS(NAMESPACE, 'svg');
  image.setAttribute('viewBox', '0 0 24 24');
  image.setAttribute('class', `icon ${name}`);
  image.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NAMESPACE, 'path');
  path.setAttribute('d', PATHS[name]);
  image.append(path);
  return image;
}
