import { create } from '../../../web/element/create.ts';

/** Tokens that pass once each; the server prepends them to this script. */
declare const ISSUED_TOKENS: string[];
/** The provider whose script this emulates; prepended likewise. */
declare const PROVIDER: 'turnstile' | 'hcaptcha' | 'recaptcha';

/** The options that this widget supports: its tokens never expire, and it has one look and one language. */
interface WidgetOptions {
  readonly callback?: (token: string) => void;
  readonly 'error-callback'?: () => void;
}

interface Widget {
  readonly container: HTMLElement;
  readonly options: WidgetOptions;
}

const widgets = new Map<string, Widget>();

/** Shows a check box in the container, and returns the widget's id; undefined where there is no such container. */
function render(where: HTMLElement | string, options: WidgetOptions): string | undefined {
  const container = typeof where === 'string' ? document.querySelector<HTMLElement>(where) : where;
  if (container === null) return undefined;
  const id = `${PROVIDER}-${widgets.size}`;
  widgets.set(id, { container, options });
  draw({ container, options });
  return id;
}

/** Clears the check box, by default that of the first widget. */
function reset(id?: string): void {
  const widget = id === undefined ? [...widgets.values()][0] : widgets.get(id);
  if (widget !== undefined) draw(widget);
}

function remove(id: string): void {
  widgets.get(id)?.container.replaceChildren();
  widgets.delete(id);
}

function draw({ container, options }: Widget): void {
  const box = create('input', { type: 'checkbox' });
  box.addEventListener('change', () => {
    box.disabled = true;
    const token = ISSUED_TOKENS.pop();
    if (token === undefined) options['error-callback']?.();
    else options.callback?.(token);
  });
  container.replaceChildren(create('label', { lang: 'en' }, box, ' I am human'));
}

/** reCAPTCHA v3 decides without a challenge. */
async function execute(): Promise<string> {
  const token = ISSUED_TOKENS.pop();
  if (token === undefined) throw new Error('There are no more tokens.');
  return token;
}

function ready(callback: () => void): void {
  queueMicrotask(callback);
}

const APIS = {
  turnstile: { turnstile: { render, reset, remove, ready } },
  hcaptcha: { hcaptcha: { render, reset, remove } },
  recaptcha: { grecaptcha: { render, reset, ready, execute } },
};
Object.assign(globalThis, APIS[PROVIDER]);

const source = document.currentScript?.getAttribute('src') ?? '';
const onload = new URL(source, document.baseURI).searchParams.get('onload');
const callback: unknown = onload === null ? undefined : Reflect.get(globalThis, onload);
if (typeof callback === 'function') queueMicrotask(() => callback());
