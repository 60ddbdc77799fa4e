import { EVENT_FAILED_METRIC } from '../../../functions/runtime/metric-names.ts';
import { type AlarmDefinitions, FIVE_MINUTES, HOUR, type MonitoredResources } from './alarm-definition.ts';

/** Alarms about events that do not arrive where they belong. */
export function eventAlarms({ metrics, auditLog }: MonitoredResources): AlarmDefinitions {
  return {
    EventFailed: {
      metric: metrics.count(EVENT_FAILED_METRIC, HOUR),
      // one lost connection is nobody's fault
      threshold: 3,
      description:
        'Three events or more within an hour could not be published on the event bus: it is gone, access is denied, or EventBridge is down. They are in the log of the function ("event not published"), and neither in the audit log nor with any other rule of the bus. Deploy the stack again, and export those lines if you need them.',
    },
    AuditLogFailed: {
      metric: auditLog.metricFailed(FIVE_MINUTES),
      description:
        'EventBridge could not write an event to the audit log: the log group is gone, or its resource policy is. EventBridge has retried for a day where that could help. Deploy the stack again, then replay the archive of the bus to the rule of the audit log.',
    },
  };
}
