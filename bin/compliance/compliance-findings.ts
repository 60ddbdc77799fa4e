import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import { readConfig } from '../../lib/config/config.ts';
import { DEFAULT_SETTINGS } from '../../lib/config/construct-config.ts';
import { RecoveryStack } from '../../lib/recovery-stack.ts';
import type { ComplianceFindings } from './compliance-document.ts';
import { type NagFinding, nagFindings } from './nag-report.ts';

/** A deployment with every resource that one can have, and the values of settings that meet no rule. */
const SETTINGS = {
  ...DEFAULT_SETTINGS,
  beyondIdentity: { platform: 'v0', region: 'us' },
  directory: { type: 'email' },
  allowedOrigins: ['https://www.example.com'],
  recoveryPage: true,
  captcha: { provider: 'turnstile', siteKey: '1x00000000000000000000AA' },
  accountCloudWatchRole: true,
};

/** The settings that meet rules, with a value each. */
const STRICT_SETTINGS = {
  encryptionKey: 'create',
  alarmEmail: 'on-call@example.com',
  reservedConcurrency: 300,
};

/** Checks a deployment with every setting that meets a rule, and without one of them each. */
export function complianceFindings(): ComplianceFindings {
  const without = Object.keys(STRICT_SETTINGS).map((setting) => [setting, findingsWithout(setting)] as const);
  return { strict: findingsWithout(), without: Object.fromEntries(without) };
}

function findingsWithout(setting?: string): NagFinding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'compliance-'));
  try {
    const context = { ...cdk.context, 'aws:cdk:bundling-stacks': [] };
    const app = new App({ outdir, context, analyticsReporting: false });
    const strict = Object.entries(STRICT_SETTINGS).filter(([name]) => name !== setting);
    const config = readConfig('production', { ...SETTINGS, ...Object.fromEntries(strict) });
    return nagFindings(new RecoveryStack(app, 'RecoveryStack', { config }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
