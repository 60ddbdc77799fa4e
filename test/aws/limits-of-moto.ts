import { stackNameOf } from '../../lib/config/stages.ts';
import { DEPLOYMENTS, stageOf } from './deployments.ts';
import { countNotDeployed, readTemplate } from './template.ts';

/** What moto does otherwise than AWS, as far as the product meets it. */
const DIFFERENCES = [
  'resources and conditions of IAM statements: it enforces actions, and resources only of SQS',
  'policies of queues and log groups, and who may assume a role',
  'Lambda, the event source mapping and the schedule of the self-test: local/emulators and the tests invoke',
  'X-Ray, and the log groups of the functions: Lambda itself writes these',
  'encryption, TLS, throttling, quotas and the duration of anything',
];

/** Describes what moto does not know of what is deployed. */
export function describeMoto(cdkOut: string): string {
  const counts = new Map<string, number>();
  for (const deployment of DEPLOYMENTS) {
    for (const [type, count] of countNotDeployed(readTemplate(cdkOut, stackNameOf(stageOf(deployment))))) {
      counts.set(type, Math.max(count, counts.get(type) ?? 0));
    }
  }
  const types = [...counts].toSorted().map(([type, count]) => `${type} ${count}`);
  return [
    'Not deployed to moto, and so not checked (type and number of resources):',
    ...types.map((type) => `  ${type}`),
    'What moto does not know of the rest:',
    ...DIFFERENCES.map((difference) => `  ${difference}`),
    '',
  ].join('\n');
}
