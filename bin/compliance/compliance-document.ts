import type { NagFinding } from './nag-report.ts';

/** What a stack with every setting and one with fewer of them are found to do. */
export interface ComplianceFindings {
  /** With every setting that meets a rule. */
  strict: readonly NagFinding[];
  /** Without one of these settings each. */
  without: Readonly<Record<string, readonly NagFinding[]>>;
}

interface Row {
  rule: string;
  resources: Set<string>;
  met: string;
}

const INTRODUCTION = `# Compliance

Every rule of four packs of [cdk-nag](https://github.com/cdklabs/cdk-nag) that some resource does not follow, in a
deployment with the recovery page, a CAPTCHA and API Gateway's role, and otherwise default settings: **AwsSolutions**,
**Serverless**, **NIST 800-53 revision 5** and **HIPAA Security**. Other settings can add findings: \`webAcl: none\` fails
\`APIG3\` and \`APIGWAssociatedWithWAF\`.

- *Met by* a setting: set it, and the rule is met. \`encryptionKey\` and \`alarmEmail\` are the two that a regulated
  workload needs; \`reservedConcurrency\` limits the endpoint's function.
- Otherwise, the reason why not. The construct acknowledges these findings with the same reasons: an app that runs
  these packs finds only the rules that a setting meets.

The packs check the template, and no process around it: they are a beginning of an audit, and not its result.
\`npm run compliance\` writes this page, and fails where a finding has neither a setting nor a reason.

| Rule | Resources | Met by, or why not |
| --- | --- | --- |`;

/** The findings that neither a setting nor a reason covers. */
export function unexplained({ strict }: ComplianceFindings): string[] {
  return strict.flatMap(({ rule, path, reason }) => (reason === undefined ? [`${rule} at ${path}`] : []));
}

/** The page docs/compliance.md. */
export function complianceDocument(findings: ComplianceFindings): string {
  const rows = rowsOf(findings).map(
    ({ rule, resources, met }) => `| ${rule} | ${[...resources].sort().join(', ')} | ${met} |`,
  );
  return `${[INTRODUCTION, ...rows].join('\n')}\n`;
}

function rowsOf({ strict, without }: ComplianceFindings): Row[] {
  const rows = new Map<string, Row>();
  const add = ({ rule, path }: NagFinding, met: string) => {
    const name = rule.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
    const row = rows.get(`${name} ${met}`) ?? { rule: name, resources: new Set(), met };
    row.resources.add(resourceName(path));
    rows.set(`${name} ${met}`, row);
  };
  const isMetStrictly = (finding: NagFinding) =>
    !strict.some(({ rule, path }) => rule === finding.rule && path === finding.path);
  for (const [setting, found] of Object.entries(without)) {
    for (const finding of found.filter(isMetStrictly)) add(finding, `met by \`${setting}\``);
  }
  for (const finding of strict) add(finding, finding.reason ?? 'open');
  return withEqualRowsMerged([...rows.values()]).sort((one, other) =>
    one.rule.localeCompare(other.rule, 'en'),
  );
}

/** The packs for regulated workloads have the same rules by two names. */
function withEqualRowsMerged(rows: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const key = [...row.resources, row.met].join();
    const first = merged.get(key);
    merged.set(key, first ? { ...first, rule: `${first.rule}, ${row.rule}` } : row);
  }
  return [...merged.values()];
}

/** The construct in words of the code: without the stack, what the CDK hides, and CloudFormation's own resource. */
function resourceName(path: string): string {
  const ids = path.split('/').slice(1);
  const isAlarm = ids.includes('Alarms') && !ids.includes('Topic');
  if (isAlarm) return 'every alarm';
  return ids
    .filter((id) => !['Default', 'Resource', 'DefaultPolicy'].includes(id))
    .join('/')
    .replace(/^Custom::CDKBucketDeployment[0-9A-F]+/, 'the deployment of the page')
    .replace(/\/on-call@example\.com$/, '');
}
