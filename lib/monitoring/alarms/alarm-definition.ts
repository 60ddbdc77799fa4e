import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { WebAcl } from '../../api/web-acl.ts';
import type { CaptchaConfig } from '../../config/config.ts';
import type { Outbox } from '../../storage/outbox.ts';
import type { AuditLog } from '../audit-log.ts';
import type { RecoveryMetrics } from '../recovery-metrics.ts';

export const FIVE_MINUTES = Duration.minutes(5);
export const HOUR = Duration.hours(1);

/** What the alarms and the dashboard show. */
export interface MonitoredResources {
  metrics: RecoveryMetrics;
  /** The function behind the endpoint. */
  lambda: IFunction;
  /** The function that delivers from the outbox. */
  delivery: IFunction;
  /** Their aliases, with the newest version of each. */
  live: { endpoint: Alias; delivery: Alias };
  outbox: Outbox;
  api: RestApi;
  auditLog: AuditLog;
  /** Absent: the API has none, or one of somebody else's, and neither alarm nor graph. */
  webAcl?: WebAcl | undefined;
  /** Absent: there is no CAPTCHA, and it has no alarms. */
  captcha?: CaptchaConfig | undefined;
}

/** An alarm: a metric, and when it means that something is wrong. */
export interface AlarmDefinition {
  metric: IMetric;
  /** The alarm is raised at this value or above, over the metric's period; absent: at 1, the first time already. */
  threshold?: number;
  /** The alarm is raised below the threshold instead. */
  isBelow?: boolean;
  /** Periods in a row; absent: one. */
  periods?: number;
  /** What it means and what to do, for the engineer on call. */
  description: string;
}

/** Alarms by their names, which are also the anchors of their runbooks in docs/operations.md. */
export type AlarmDefinitions = Readonly<Record<string, AlarmDefinition>>;
