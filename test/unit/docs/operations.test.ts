import { expect, test } from '@jest/globals';
import { recoveryTemplate } from '../../infrastructure/synthesis.ts';
import { documentAt, headings } from './markdown.ts';

/** The names of the alarms: each logical id is the construct `Alarms`, the name, and eight digits of the CDK's. */
function alarmNames(): string[] {
  const template = recoveryTemplate({ captcha: { provider: 'turnstile' } });
  return Object.keys(template.findResources('AWS::CloudWatch::Alarm')).map((id) =>
    id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, ''),
  );
}

test('docs/operations.md has a section for every alarm, and for no other', () => {
  const { text } = documentAt('docs/operations.md');
  const runbooks = text.slice(text.indexOf('\n## Alarms: '));
  const names = alarmNames();
  expect(names.length).toBeGreaterThan(20);
  expect(headings(runbooks, 3).sort()).toEqual(names.sort());
});
