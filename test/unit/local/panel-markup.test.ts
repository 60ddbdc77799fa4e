import { expect, test } from '@jest/globals';
import { createFlowSteps } from '../../../local/demo-app/panel/flow-steps.ts';
import { renderPanel, withPanel } from '../../../local/demo-app/panel/panel-markup.ts';
import type { PlatformName } from '../../../local/platforms/platform.ts';

function panelOn(platform: PlatformName): string {
  const steps = createFlowSteps({ opened: 'The <link> opens' });
  steps.startOver();
  steps.record('typed', 'done', 'The app sent an address');
  return renderPanel({ platform, steps, accounts: [{ email: '<jane>@example.com', status: 'active' }] });
}

test('a panel has its whole layout, with waiting steps, the number of the run, and every value escaped', () => {
  const panel = panelOn('v1');
  expect(panel).toContain('data-run="1"');
  expect(panel.match(/data-state="waiting"/g)).toHaveLength(8);
  expect(panel).not.toContain('The app sent an address');
  expect(panel).toContain('The &#60;link&#62; opens');
  expect(panel).toContain('Active: &#60;jane&#62;@example.com.');
});

test('a button of the panel is disabled until the script has started', () => {
  const buttons = panelOn('v0').match(/<button[^>]*>/g) ?? [];
  expect(buttons.length).toBeGreaterThan(8);
  for (const button of buttons) expect(button).toContain(' disabled');
});

test('only a panel on v0 offers the simulated authenticator', () => {
  expect(panelOn('v0')).toContain('Use a simulated authenticator');
  expect(panelOn('v1')).not.toContain('simulated authenticator');
});

test('a page gets the style sheet in its head and the panel at the end of its body', () => {
  const html = withPanel('<head><title>x</title></head><body><main></main></body>', '<p>$&</p>');
  expect(html).toMatch(/<link rel="stylesheet" href="[^"]+">\n<\/head>/);
  expect(html).toMatch(/<\/main><p>\$&<\/p>\n<\/body>$/);
});

test('a page without a body is an error', () => {
  expect(() => withPanel('<head></head>', 'panel')).toThrow('The page has no </body>.');
});
