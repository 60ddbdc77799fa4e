import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ILambdaDeploymentConfig,
  LambdaApplication,
  LambdaDeploymentConfig,
  TrafficRouting,
} from 'aws-cdk-lib/aws-codedeploy';
import { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ReleasedFunction } from '../compute/released-function.ts';
import type { FunctionSettings } from '../compute/service-function.ts';
import type { CanarySetting } from '../config/canary-schema.ts';
import { FunctionRelease } from './function-release.ts';
import { PostTrafficHook, PreTrafficHook } from './release-hooks.ts';

/** A function to release, and the alarm that takes the release back. */
export interface Released {
  released: ReleasedFunction;
  alarm: IAlarm;
}

/** What is released, and how. */
export interface ReleaseProps extends FunctionSettings {
  endpoint: Released;
  delivery: Released;
  /** Where recovery requests are sent. Must not depend on the aliases. */
  endpointUrl: string;
  /** The share of requests that a new version gets at first; `null`: all at once. */
  canary: CanarySetting | null;
  /** Whether both aliases move at once, and untested; absent: they do not. */
  isHotfix?: boolean | undefined;
}

/** Releases new versions of both functions: tests them, gives them a share of the requests, and takes them back. */
export class Release extends Construct {
  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { endpoint, delivery, endpointUrl, logicalIdPrefix, logRetentionDays } = props;
    const settings = { logicalIdPrefix, logRetentionDays };
    const hook = new PreTrafficHook(this, 'PreTrafficHook', {
      released: [endpoint.released, delivery.released],
      ...settings,
    });
    const postTraffic = new PostTrafficHook(this, 'PostTrafficHook', { endpointUrl, ...settings });
    const common = {
      application: new LambdaApplication(this, 'Application'),
      deploymentConfig: this.#deploymentConfig(props.canary),
      isHotfix: props.isHotfix ?? false,
      preTrafficHook: hook.lambda,
    };
    new FunctionRelease(this, 'Delivery', { ...common, live: delivery.released.live, alarm: delivery.alarm });
    new FunctionRelease(this, 'Endpoint', {
      ...common,
      live: endpoint.released.live,
      alarm: endpoint.alarm,
      postTrafficHook: postTraffic.lambda,
    });
    // First the function that reads messages, then the one that writes them. Only the two aliases: among what belongs to
    // them are permissions of the self-test's rule, which depends on both.
    const [first, second] = [
      delivery.released.live.node.defaultChild,
      endpoint.released.live.node.defaultChild,
    ];
    if (first instanceof CfnAlias && second instanceof CfnAlias) second.addResourceDependency(first);
  }

  #deploymentConfig(canary: CanarySetting | null): ILambdaDeploymentConfig {
    if (canary === null) return LambdaDeploymentConfig.ALL_AT_ONCE;
    const { percent, minutes } = canary;
    const ready = percent === 10 ? READY_CANARIES.get(minutes) : undefined;
    return (
      ready ??
      new LambdaDeploymentConfig(this, 'Canary', {
        trafficRouting: TrafficRouting.timeBasedCanary({
          interval: Duration.minutes(minutes),
          percentage: percent,
        }),
      })
    );
  }
}

/** CodeDeploy's own configurations of a canary with 10 % of the requests, by its minutes. */
const READY_CANARIES: ReadonlyMap<number, ILambdaDeploymentConfig> = new Map([
  [5, LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES],
  [10, LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES],
  [15, LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES],
]);
