import { Duration, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ReleasedFunction } from '../compute/released-function.ts';
import { ServiceFunction } from '../compute/service-function.ts';

/** All tests of a hook take 110 seconds at most, and the report 25. */
const TIMEOUT = Duration.seconds(150);

const ASYNC_INVOKE_NAG_REASON =
  'CodeDeploy invokes it, and waits for its report: without one, the deployment fails and is taken back.';

/** What every hook is made of. */
const HOOK = {
  timeout: TIMEOUT,
  asyncInvokeNagReason: ASYNC_INVOKE_NAG_REASON,
};

/** What the pre-traffic hook tests. */
export interface PreTrafficHookProps {
  /** The functions whose new versions are tested. */
  released: readonly ReleasedFunction[];
  logRetentionDays: RetentionDays;
}

/** The hook before the first request: has the new versions test themselves. */
export class PreTrafficHook extends ServiceFunction {
  constructor(scope: Construct, id: string, { released, logRetentionDays }: PreTrafficHookProps) {
    super(scope, id, {
      ...HOOK,
      folder: 'release-hooks/pre-traffic',
      description: 'Has new versions of user recovery test themselves before they get requests',
      roleDescription:
        'Pre-traffic hook: invokes versions of both functions, reports to CodeDeploy, writes its log and traces',
      environment: { RELEASED_VERSION_ARNS: released.map(({ live }) => live.version.functionArn).join(',') },
      logRetentionDays,
    });
    // any version: IAM takes seconds to apply a change, and a policy with this version would change with each release
    Grant.addToPrincipal({
      grantee: this,
      actions: ['lambda:InvokeFunction'],
      resourceArns: released.map(({ lambda }) => `${lambda.functionArn}:*`),
    });
    Validations.of(this).acknowledge(
      ...released.map(({ node: { id: logicalId } }) => ({
        id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
        reason:
          'Any version of this one function: each release has another one, and a policy that changes with it would apply too late.',
      })),
    );
  }
}

/** What the post-traffic hook tests. */
export interface PostTrafficHookProps {
  /** Where recovery requests are sent. Must not depend on the alias, which depends on this hook. */
  endpointUrl: string;
  logRetentionDays: RetentionDays;
}

/** The hook after the last request of the old version: sends the endpoint a request that it must reject. */
export class PostTrafficHook extends ServiceFunction {
  constructor(scope: Construct, id: string, { endpointUrl, logRetentionDays }: PostTrafficHookProps) {
    super(scope, id, {
      ...HOOK,
      folder: 'release-hooks/post-traffic',
      description: 'Sends the endpoint of user recovery a bad address after a release',
      roleDescription: 'Post-traffic hook: reports to CodeDeploy, writes its log and traces',
      environment: { ENDPOINT_URL: endpointUrl },
      logRetentionDays,
    });
  }
}
