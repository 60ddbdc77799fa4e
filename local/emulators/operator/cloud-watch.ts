import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type AwsResponse, jsonError } from './aws-response.ts';
import { ALARM_NAMES, type Deployment, type DeploymentFaults } from './deployment.ts';

const describeAlarmsInput = z.strictObject({
  AlarmNamePrefix: z.optional(z.string()),
  MaxRecords: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
});

const STARTED_AT_SECONDS = Math.floor(Date.now() / 1000);

/** CloudWatch's DescribeAlarms, by the prefix of their names. */
export function describeAlarms(
  body: string,
  { stackName }: Deployment,
  { raisedAlarms = [] }: DeploymentFaults,
): AwsResponse {
  const input = parseJson(describeAlarmsInput, body);
  if ('problem' in input) return jsonError('InvalidParameterValue', input.problem);
  const { AlarmNamePrefix = '', MaxRecords = 50 } = input.value;
  const alarms = ALARM_NAMES.map((name) => ({
    AlarmName: `${stackName}-${name}`,
    AlarmDescription: `Emulated. Runbook: docs/operations.md#${name.toLowerCase()}`,
    StateValue: raisedAlarms.includes(name) ? 'ALARM' : 'OK',
    StateUpdatedTimestamp: STARTED_AT_SECONDS,
  }));
  const found = alarms.filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix));
  return {
    json: { MetricAlarms: found.slice(0, MaxRecords), CompositeAlarms: [] },
    headers: { 'Content-Type': 'application/x-amz-json-1.0' },
  };
}
