import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  type ComplianceFindings,
  complianceDocument,
  unexplained,
} from '../../bin/compliance/compliance-document.ts';
import { complianceFindings } from '../../bin/compliance/compliance-findings.ts';

const findings = complianceFindings();

/** The findings of one setting's absence, by the part of a rule's name that all packs share. */
function foundWithout(setting: string): string[] {
  const rules = (findings.without[setting] ?? [])
    .filter(({ rule, path }) => !findings.strict.some((one) => one.rule === rule && one.path === path))
    .map(({ rule }) => rule.replace(/^[\w.]+-/, ''));
  return [...new Set(rules)].sort();
}

describe('npm run compliance', () => {
  test('finds nothing in four packs that neither a setting nor a reason covers', () => {
    expect(findings.strict.length).toBeGreaterThan(100);
    expect(unexplained(findings)).toEqual([]);
  });

  test('reports a finding without a reason, and lists it as open', () => {
    const bare: ComplianceFindings = { strict: [{ rule: 'Pack-Rule', path: 'Stack/Queue' }], without: {} };
    expect(unexplained(bare)).toEqual(['Pack-Rule at Stack/Queue']);
    expect(complianceDocument(bare)).toContain('| Pack-Rule | Queue | open |');
  });

  test('says which rules a setting meets', () => {
    expect(foundWithout('encryptionKey')).toEqual([
      'CloudWatchLogGroupEncrypted',
      'SecretsManagerUsingKMSKey',
    ]);
    expect(foundWithout('alarmEmail')).toEqual(['CloudWatchAlarmAction']);
    expect(foundWithout('reservedConcurrency')).toEqual(['LambdaConcurrency']);
  });

  test('has written docs/compliance.md as it is committed', async () => {
    const committed = await readFile(new URL('../../docs/compliance.md', import.meta.url), 'utf8');
    expect(complianceDocument(findings)).toBe(committed);
  });
});
