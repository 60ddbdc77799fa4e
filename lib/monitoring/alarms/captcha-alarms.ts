import { CAPTCHA_SKIPPED_METRIC, OUTCOME_METRICS } from '../../../functions/runtime/metric-names.ts';
import { type AlarmDefinitions, FIVE_MINUTES, type MonitoredResources } from './alarm-definition.ts';

/** Alarms about the CAPTCHA; for a deployment that has one. */
export function captchaAlarms({ metrics }: MonitoredResources): AlarmDefinitions {
  return {
    CaptchaFailed: {
      metric: metrics.count(OUTCOME_METRICS['captcha-failed'], FIVE_MINUTES),
      // tokens run out while a page stays open, so that a few fail every day
      threshold: 20,
      description:
        'Twenty requests or more within five minutes failed the CAPTCHA: programs are being blocked, or the site key of the page does not belong to the stored secret key. If no request is forwarded any more, compare the two keys.',
    },
    CaptchaUnavailable: {
      metric: metrics.count(OUTCOME_METRICS['captcha-unavailable'], FIVE_MINUTES),
      description:
        'The CAPTCHA provider was unavailable or rate limited the service (429), so that requests were rejected. Look at its status page and at the log of the function, which also names a missing or invalid secret key. If the provider stays down, deploy with failureMode open, or without captcha. A 429 is never let through.',
    },
    CaptchaSkipped: {
      metric: metrics.count(CAPTCHA_SKIPPED_METRIC, FIVE_MINUTES),
      description:
        'The CAPTCHA provider was unavailable, and requests continued unverified because failureMode is open. Look at its status page and at the log of the function. If programs abuse it (alarms MailboxesPerClientIp, UnknownUsers), deploy with failureMode closed.',
    },
  };
}
