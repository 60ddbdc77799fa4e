import type * as z from 'zod';
import type { ConfigFile } from './config-schema.ts';
import { budgetProblems } from './stage-budget.ts';

/** What is wrong with a setting beside others, and the fix. */
export interface RuleProblem {
  path: string[];
  message: string;
}

/** Settings that exclude or need each other; holds whatever the others are. */
export function pairProblems(config: Partial<Record<keyof ConfigFile, unknown>>): RuleProblem[] {
  const { region, apiUrl, domainName, certificateArn } = config;
  const isSet = (value: unknown) => value !== undefined && value !== null;
  const problems: RuleProblem[] = [];
  if (!isSet(region) && !isSet(apiUrl)) {
    problems.push({ path: ['region'], message: 'is not set; set it to "us" or "eu", or set apiUrl' });
  }
  if (isSet(region) && isSet(apiUrl)) {
    problems.push({
      path: ['apiUrl'],
      message: `is ${JSON.stringify(apiUrl)} and region is ${JSON.stringify(region)}; set one of them to null`,
    });
  }
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
  const { captcha, recoveryPage } = config;
  const problems: RuleProblem[] = budgetProblems(config).map(({ setting, message }) => ({
    path: [setting],
    message,
  }));
  if (captcha?.minimumScore !== undefined && captcha.provider !== 'recaptcha') {
    problems.push({
      path: ['captcha', 'minimumScore'],
      message: `is ${captcha.minimumScore}, but ${captcha.provider} gives no scores; leave it out, or set provider to "recaptcha"`,
    });
  }
  if (recoveryPage && captcha && captcha.siteKey === undefined) {
    problems.push({
      path: ['captcha', 'siteKey'],
      message: `is not set, but recoveryPage is true, and the page cannot show ${captcha.provider} without it; set it to the public site key that the provider gave you, or set recoveryPage to false`,
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

/** A problem as one line: the setting's path, and what is wrong with it. */
export function lineOf({ path, message }: RuleProblem | z.core.$ZodIssue): string {
  const name = path
    .map((part, depth) => (typeof part === 'number' ? `[${part}]` : `${depth > 0 ? '.' : ''}${String(part)}`))
    .join('');
  return name === '' ? message : `${name} ${message}`;
}
