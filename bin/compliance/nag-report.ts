import type { Stack } from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';

/** The packs of cdk-nag that the stack is checked with. */
const PACKS = [AwsSolutionsChecks, ServerlessChecks, NIST80053R5Checks, HIPAASecurityChecks];

/** A resource that does not follow a rule. */
export interface NagFinding {
  /** The rule's id in its pack, such as `AwsSolutions-SMG4`. */
  rule: string;
  /** The path of the resource in the stack. */
  path: string;
  /** Why that is right; absent: nobody has said so. */
  reason?: string | undefined;
}

/** Every finding of the packs about a stack, with the reasons by which its constructs acknowledge them. The stack is of no use afterwards. */
export function nagFindings(stack: Stack): NagFinding[] {
  const open = new Set(violationsOf(stack).map(keyOf));
  const reasons = takeAcknowledgements(stack);
  return violationsOf(stack).map((finding) => ({
    ...finding,
    reason: open.has(keyOf(finding)) ? undefined : reasons(finding),
  }));
}

function violationsOf(stack: Stack): NagFinding[] {
  return PACKS.flatMap((Pack) => new Pack().validateScope(stack).violations).flatMap(
    ({ ruleName: rule, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule, path: constructPath })),
  );
}

function keyOf({ rule, path }: NagFinding): string {
  return `${rule} ${path}`;
}

/** Removes every acknowledgement, so that the packs report all there is, and returns a lookup of their reasons. */
function takeAcknowledgements(stack: Stack): (finding: NagFinding) => string | undefined {
  const reasons = new Map<string, string>();
  for (const { node } of stack.node.findAll()) {
    for (const { type, data } of node.metadata) {
      if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
      for (const [name, reason] of Object.entries<unknown>(Object(data))) {
        reasons.set(`${name.replace(/^annotation::/i, '')} ${node.path}`, String(reason));
        Reflect.deleteProperty(Object(data), name);
      }
    }
  }
  return ({ rule, path }) => {
    const ids = path.split('/');
    const ancestors = ids.map((_, index) => ids.slice(0, ids.length - index).join('/'));
    return ancestors.map((ancestor) => reasons.get(`${rule} ${ancestor}`)).find(Boolean);
  };
}
