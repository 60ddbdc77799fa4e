import { SELF_TEST_FAILED_METRIC } from '../../../functions/runtime/metric-names.ts';
import { type AlarmDefinitions, HOUR, type MonitoredResources } from './alarm-definition.ts';

/** Alarms that come before the first user meets a problem. */
export function selfTestAlarms({ metrics }: MonitoredResources): AlarmDefinitions {
  return {
    SelfTestFailed: {
      metric: metrics.count(SELF_TEST_FAILED_METRIC, HOUR),
      // one response that is lost, or comes late, is nobody's fault
      periods: 2,
      description:
        'The self-test of a function found a problem twice, an hour apart: with its secret, the token, the tenant, the directory, the table or the queue. npm run doctor runs it again, and names each problem and its fix. So does the line "self-test found problems" in the log of the function.',
    },
    TokenExpiresSoon: {
      metric: metrics.tokenDaysLeft(HOUR),
      threshold: 14,
      isBelow: true,
      description:
        'The API token expires within 14 days, and nobody is recovered after that. Issue a new one in the Beyond Identity console, then: npm run store-token. Client credentials (beyondIdentity.applicationId) need no such renewal.',
    },
  };
}
