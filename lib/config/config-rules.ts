import type * as z from 'zod';
import type { BeyondIdentitySetting } from './beyond-identity-schema.ts';
import type { ConfigFile } from './config-schema.ts';
import { budgetProblems } from './stage-budget.ts';

/** What is wrong with a setting beside others, and the fix. */
export interface RuleProblem {
  path: string[];
  message: string;
}

/** Settings that exclude or need each other; holds whatever the others are. */
export function pairProblems(config: Partial<Record<keyof ConfigFile, unknown>>): RuleProblem[] {
  const { domainName, certificateArn } = config;
  const isSet = (value: unknown) => value !== undefined && value !== null;
  const problems: RuleProblem[] = [];
  if (isSet(domainName) && !isSet(certificateArn)) {
    problems.push({
      path: ['certificateArn'],
      message: `is not set; the domainName ${JSON.stringify(domainName)} needs a certificate`,
    });
  }
  if (isSet(certificateArn) && !isSet(domainName)) {
    problems.push({
      path: ['domainName'],
      message: `is not set; the certificateArn ${JSON.stringify(certificateArn)} needs the domain it is for`,
    });
  }
  return problems;
}

/** Sums and combinations of settings, each of which is valid by itself. */
export function combinationProblems(config: ConfigFile): RuleProblem[] {
  const { captcha, recoveryPage, beyondIdentity, directory } = config;
  const problems: RuleProblem[] = budgetProblems(config).map(({ setting, message }) => ({
    path: [setting],
    message,
  }));
  problems.push(...tenantProblems(beyondIdentity));
  if (beyondIdentity.platform === 'v0' && directory.type !== 'email' && directory.reference !== undefined) {
    problems.push({
      path: ['directory', 'reference'],
      message: 'is for the platform v1; leave it out: on v0 a reference is an external id',
    });
  }
  if (config.includeReference && beyondIdentity.platform === 'v0' && directory.type === 'email') {
    problems.push({
      path: ['includeReference'],
      message:
        'is true, but on v0 the reference of a user in the directory "email" is the address, which no event holds; set it to false, or set directory',
    });
  }
  if (captcha?.minimumScore !== undefined && captcha.provider !== 'recaptcha') {
    problems.push({
      path: ['captcha', 'minimumScore'],
      message: `is ${captcha.minimumScore}, but ${captcha.provider} gives no scores; leave it out, or set provider to "recaptcha"`,
    });
  }
  if (recoveryPage && captcha && captcha.siteKey === undefined) {
    const hostsPage =
      recoveryPage === true ? 'recoveryPage is true' : 'the stack hosts the recovery page (recoveryPage)';
    problems.push({
      path: ['captcha', 'siteKey'],
      message: `is not set, but ${hostsPage}, and the page cannot show ${captcha.provider} without it; set it to the public site key that the provider gave you, or set recoveryPage to false`,
    });
  }
  if (!recoveryPage && captcha?.siteKey !== undefined) {
    problems.push({
      path: ['captcha', 'siteKey'],
      message: `is ${JSON.stringify(captcha.siteKey)}, but only the recovery page of the stack reads it; leave it out, or set recoveryPage to true`,
    });
  }
  return problems;
}

/** Parts of the tenant that exclude or need each other. */
function tenantProblems(tenant: BeyondIdentitySetting): RuleProblem[] {
  const problem = (part: string, message: string) => [{ path: ['beyondIdentity', part], message }];
  if (tenant.platform === 'v0') {
    const { region, apiUrl } = tenant;
    if (region === undefined && apiUrl === undefined) {
      return problem('region', 'is not set; set it to "us" or "eu", or set apiUrl');
    }
    return region !== undefined && apiUrl !== undefined
      ? problem(
          'apiUrl',
          `is ${JSON.stringify(apiUrl)} and region is ${JSON.stringify(region)}; leave one of them out`,
        )
      : [];
  }
  const { applicationId, applicationRealmId, jobScope } = tenant;
  if (applicationId !== undefined && applicationRealmId === undefined) {
    return problem('applicationRealmId', 'is not set; set it to the id of the realm of the application');
  }
  if (applicationId === undefined && (applicationRealmId ?? jobScope) !== undefined) {
    return problem('applicationId', 'is not set; set it, or leave applicationRealmId and jobScope out');
  }
  return [];
}

/** A problem as one line: the setting's path, and what is wrong with it. */
export function lineOf({ path, message }: RuleProblem | z.core.$ZodIssue): string {
  const name = path
    .map((part, depth) => (typeof part === 'number' ? `[${part}]` : `${depth > 0 ? '.' : ''}${String(part)}`))
    .join('');
  return name === '' ? message : `${name} ${message}`;
}
