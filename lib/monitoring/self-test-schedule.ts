import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** The event of functions/runtime/self-test.ts. */
const SELF_TEST = { kind: 'self-test' };

/** Has functions test themselves every hour, so that a problem shows before a user meets it. */
export class SelfTestSchedule extends Construct {
  constructor(scope: Construct, id: string, functions: readonly IFunction[]) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'Has the functions of user recovery test themselves',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: functions.map(
        (lambda) =>
          new LambdaFunction(lambda, {
            event: RuleTargetInput.fromObject(SELF_TEST),
            retryAttempts: 0,
            maxEventAge: Duration.minutes(30),
          }),
      ),
    });
  }
}
