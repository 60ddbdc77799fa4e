import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ReleasedFunction } from '../compute/released-function.ts';
import { type FunctionSettings, ServiceFunction } from '../compute/service-function.ts';

/** All tests of a hook take 110 seconds at most, and the report 25. */
const TIMEOUT = Duration.seconds(150);

/** What the pre-traffic hook tests. */
export interface PreTrafficHookProps extends FunctionSettings {
  /** The functions whose new versions are tested. */
  released: readonly ReleasedFunction[];
}

/** The hook before the first request: has the new versions test themselves. */
export class PreTrafficHook extends ServiceFunction {
  constructor(scope: Construct, id: string, { released, ...settings }: PreTrafficHookProps) {
    super(scope, id, {
      ...settings,
      timeout: TIMEOUT,
      bundle: 'pre-traffic',
      description: 'Has new versions of user recovery test themselves before they get requests',
      roleDescription:
        'Pre-traffic hook: invokes versions of both functions, reports to CodeDeploy, writes its log and traces',
      environment: { RELEASED_VERSION_ARNS: released.map(({ live }) => live.version.functionArn).join(',') },
    });
    // any version: IAM takes seconds to apply a change, and a policy with this version would change with each release
    Grant.addToPrincipal({
      grantee: this,
      actions: ['lambda:InvokeFunction'],
      resourceArns: released.map(({ lambda }) => `${lambda.functionArn}:*`),
    });
  }
}

/** What the post-traffic hook tests. */
export interface PostTrafficHookProps extends FunctionSettings {
  /** Where recovery requests are sent. Must not depend on the alias, which depends on this hook. */
  endpointUrl: string;
}

/** The hook after the last request of the old version: sends the endpoint a request that it must reject. */
export class PostTrafficHook extends ServiceFunction {
  constructor(scope: Construct, id: string, { endpointUrl, ...settings }: PostTrafficHookProps) {
    super(scope, id, {
      ...settings,
      timeout: TIMEOUT,
      bundle: 'post-traffic',
      description: 'Sends the endpoint of user recovery a bad address after a release',
      roleDescription: 'Post-traffic hook: reports to CodeDeploy, writes its log and traces',
      environment: { ENDPOINT_URL: endpointUrl },
    });
  }
}
