import { Annotations } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { WebAclSetting } from '../config/web-acl-schema.ts';
import { WebAcl, type WebAclProps } from './web-acl.ts';

const NO_WEB_ACL =
  'webAcl is "none": nothing limits requests by client IP, so that one client can use up the throttling of all. Use it only where something in front of the API does, such as a web ACL of CloudFront; see docs/cost.md.';

/**
 * Protects a stage of the API by a web ACL of its own, which is returned, by one that it shares with other APIs, or by none,
 * with a warning.
 */
export function protectApi(
  scope: Construct,
  setting: WebAclSetting,
  props: WebAclProps & { stage: Stage },
): WebAcl | undefined {
  switch (setting.type) {
    case 'default':
      return new WebAcl(scope, 'WebAcl', props);
    case 'shared':
      new CfnWebACLAssociation(scope, 'SharedWebAcl', {
        resourceArn: props.stage.stageArn,
        webAclArn: setting.arn,
      });
      return undefined;
    case 'none':
      Annotations.of(scope).addWarningV2('user-recovery:no-web-acl', NO_WEB_ACL);
      return undefined;
  }
}
