import { escapeHtml } from '../../../web/escape-html.ts';
import { MAILBOX_PATH, PANEL_STYLE_PATH, RECOVERY_PAGE_PATH, SIGN_IN_PAGE_PATH } from '../../paths.ts';
import type { Account, PlatformName } from '../../platforms/platform.ts';
import { FAULT_CHOICES, FAULT_NAMES } from '../fault-names.ts';
import type { FlowSteps } from './flow-steps.ts';

/** What the panel shows from the start. */
export interface PanelContent {
  readonly platform: PlatformName;
  readonly steps: Pick<FlowSteps, 'run' | 'list'>;
  readonly accounts: readonly Account[];
}

/** Adds a panel and its style sheet to the HTML of a page. Throws an `Error` if the page has no head or no body. */
export function withPanel(html: string, panel: string): string {
  return insertBefore(
    insertBefore(html, '</head>', `<link rel="stylesheet" href="${PANEL_STYLE_PATH}">\n`),
    '</body>',
    `${panel}\n`,
  );
}

function insertBefore(html: string, endTag: string, inserted: string): string {
  const index = html.lastIndexOf(endTag);
  if (index < 0) throw new Error(`The page has no ${endTag}.`);
  return html.slice(0, index) + inserted + html.slice(index);
}

/**
 * The side panel as HTML. It has its whole layout and waiting steps, so that nothing moves when its script starts; until
 * then, its buttons are disabled. English from left to right, whatever the page's own language.
 */
export function renderPanel({ platform, steps, accounts }: PanelContent): string {
  return `<simulation-panel data-run="${steps.run}"><aside lang="en" dir="ltr" aria-label="Simulation"><details open>
<summary><h2>Simulation</h2></summary>
<nav aria-label="Simulated pages"><a href="${RECOVERY_PAGE_PATH}">Recovery</a> <a href="${MAILBOX_PATH}">Mailbox</a> <a href="${SIGN_IN_PAGE_PATH}">Sign-in</a></nav>
<p role="status"></p>
${platform === 'v0' ? AUTHENTICATOR : ''}<details class="failures"><summary data-part="failure">Simulate a failure</summary>
<h3 id="simulation-faults">Failure of Beyond Identity</h3>
<div class="choices" role="group" aria-labelledby="simulation-faults">${renderChoices()}</div>
<p>A "${FAULT_NAMES.slow}" takes 3 seconds. A "${FAULT_NAMES['lost-response']}" hits one call; the other failures last until you choose "None".</p>
<h3>Recovery links</h3>
<button type="button" data-part="expire" disabled>Expire the links sent so far</button>
</details>
<h3>Accounts</h3>
<p>${escapeHtml(describeAccounts(accounts))}</p>
<div class="heading"><h3>Steps of the recovery</h3><button type="button" data-part="start-over" disabled>Start over</button></div>
<ol>
${steps.list().map(renderStep).join('\n')}
</ol>
<section data-part="credential"></section>
</details></aside></simulation-panel>`;
}

/** Only the v0 platform uses WebAuthn, for which a device needs an authenticator. */
const AUTHENTICATOR = `<section class="authenticator" data-part="authenticator"><p>No fingerprint reader, PIN or security key? This browser can simulate an authenticator.</p>
<button type="button" disabled>Use a simulated authenticator</button></section>
`;

function renderChoices(): string {
  const choices = [
    { kind: '', name: 'None' },
    ...FAULT_CHOICES.map(({ kind }) => ({ kind, name: FAULT_NAMES[kind] })),
  ];
  return choices
    .map(
      ({ kind, name }) =>
        `<button type="button" data-fault="${kind}" aria-pressed="${kind === ''}" disabled>${name}</button>`,
    )
    .join('');
}

function renderStep({ name, title }: { readonly name: string; readonly title: string }): string {
  return `<li data-step="${name}" data-state="waiting">${escapeHtml(title)}<div class="progress"><span class="state">waiting</span></div></li>`;
}

function describeAccounts(accounts: readonly Account[]): string {
  const addresses = (wanted: Account['status']) =>
    accounts
      .filter(({ status }) => status === wanted)
      .map(({ email }) => email)
      .join(', ');
  const withoutAddress = addresses('without-address');
  const unreachable = withoutAddress && ` Without an email address: ${withoutAddress}.`;
  return `Active: ${addresses('active')}. Suspended: ${addresses('suspended')}.${unreachable} Any other address is unknown.`;
}
