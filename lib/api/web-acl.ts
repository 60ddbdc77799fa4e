import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_BODY_BYTES_WITH_CAPTCHA,
  problemDocumentOf,
  ROUTE,
} from '../../functions/recover-user/http/contract.ts';
import type { CaptchaConfig } from '../config/config.ts';
import { PREFLIGHTS_PER_REQUEST } from '../config/stage-budget.ts';
import { fixedErrorHeaders } from './error-headers.ts';

/** Seconds over which requests of a client IP are counted. */
const WINDOW_SECONDS = 300;

/** Rules that AWS keeps up to date. For what they block, API Gateway sends the response: see {@link WebAcl}. */
const MANAGED_RULE_GROUPS = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesCommonRuleSet',
] as const;

const RESPONSE_BODIES = {
  'too-many-requests': {
    contentType: 'APPLICATION_JSON',
    content: JSON.stringify(
      problemDocumentOf(
        429,
        'There are too many requests from your network. Try again in a few minutes.',
        ROUTE,
      ),
    ),
  },
  'body-too-large': {
    contentType: 'APPLICATION_JSON',
    content: JSON.stringify(problemDocumentOf(413, 'The body is too large.', ROUTE)),
  },
} as const;

const IS_PREFLIGHT = {
  byteMatchStatement: {
    fieldToMatch: { method: {} },
    positionalConstraint: 'EXACTLY',
    searchString: 'OPTIONS',
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
} as const satisfies CfnWebACL.StatementProperty;

/** The fields of a request that the client controls, but for the path, which only the log's own redaction knows. */
const CLIENT_CONTROLLED_FIELDS = ['BODY', 'QUERY_STRING', 'SINGLE_HEADER', 'SINGLE_COOKIE'] as const;

/** What the web ACL protects, and its part of the configuration. */
export interface WebAclProps {
  /** Also a dimension of its metrics. */
  name: string;
  /** What is protected. */
  stage: Stage;
  /** Origins whose pages may read an error response. */
  allowedOrigins: readonly string[];
  /** Recovery requests that one client IP may send within five minutes. */
  requestsPerClientIp: number;
  logRetentionDays: RetentionDays;
  /** With a CAPTCHA, bodies carry its token, and may be larger. */
  captcha?: CaptchaConfig | undefined;
}

interface Rule {
  name: string;
  statement: CfnWebACL.StatementProperty;
  /** Absent: a group of rules, which bring their own. */
  action?: CfnWebACL.RuleActionProperty;
}

/**
 * The web ACL of the API: limits by client IP, and AWS's rules against known attacks.
 *
 * Who defines an error response: a custom response of WAF replaces API Gateway's `WAF_FILTERED` altogether, status, headers and body.
 * So the `429` and `413` of our own rules are defined here, because `WAF_FILTERED` has one status for all. The managed
 * groups' `403` is left to `WAF_FILTERED`, which can say more: the request's id, and `application/problem+json`, where WAF
 * offers `application/json` at most. For want of the id, `instance` is the route here.
 */
export class WebAcl extends Construct {
  readonly #name: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    this.#name = props.name;
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name: this.#name,
      description: 'Limits user recovery by client IP and blocks known attacks',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: rules(props).map(({ name, statement, action }, priority) => ({
        name,
        priority,
        statement,
        ...(action ? { action } : { overrideAction: { none: {} } }),
        visibilityConfig: visibility(name),
      })),
      customResponseBodies: RESPONSE_BODIES,
      visibilityConfig: visibility(this.#name),
      // it covers the details of matched rules too, which quote the body
      dataProtectionConfig: {
        dataProtections: CLIENT_CONTROLLED_FIELDS.map((fieldType) => ({
          field: { fieldType },
          action: 'SUBSTITUTION',
        })),
      },
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: props.stage.stageArn,
      webAclArn: webAcl.attrArn,
    });
    this.#logBlockedRequests(webAcl, props.logRetentionDays);
  }

  /** Requests that any of its rules blocked. */
  metricBlockedRequests(period: Duration): Metric {
    return this.#metricBlocked('ALL', period);
  }

  /** Requests that were blocked because their client IP had sent too many. */
  metricBlockedByRate(period: Duration): Metric {
    return this.#metricBlocked('RequestsPerClientIp', period);
  }

  #metricBlocked(rule: string, period: Duration): Metric {
    return new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: this.#name, Region: Stack.of(this).region, Rule: rule },
      statistic: 'Sum',
      period,
    });
  }

  /** Logs what was blocked, with client IP, rule and request id; API Gateway's access log has the rest. */
  #logBlockedRequests(webAcl: CfnWebACL, retention: RetentionDays): void {
    const logGroup = new LogGroup(this, 'Log', {
      // WAF takes no group with another beginning, and lets itself in by a resource policy of its own
      logGroupName: `aws-waf-logs-${this.#name}`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // the group's own ARN ends in ":*", which WAF does not expect
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      // the other fields that the client controls are substituted before they get here
      redactedFields: [{ uriPath: {} }, { queryString: {} }],
      // handed over to CloudFormation as it is
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            // a rule that is set to count is being tried out, and its log shows whom it would block
            Conditions: [
              { ActionCondition: { Action: 'BLOCK' } },
              { ActionCondition: { Action: 'COUNT' } },
              { ActionCondition: { Action: 'EXCLUDED_AS_COUNT' } },
            ],
          },
        ],
      },
    });
  }
}

/**
 * In the order in which WAF tries them. Preflights have a limit of their own and pass everything below it: a page whose
 * preflight is blocked sees a network error, and cannot read why. Its request is blocked an instant later by the same
 * rules, with a response that it can read. A preflight reaches nothing but the function's list of origins.
 */
function rules({ allowedOrigins, requestsPerClientIp, captcha }: WebAclProps): Rule[] {
  const maximumBytes = captcha ? MAXIMUM_BODY_BYTES_WITH_CAPTCHA : MAXIMUM_BODY_BYTES;
  const headers = fixedErrorHeaders(allowedOrigins);
  const tooMany = block(429, 'too-many-requests', { ...headers, 'Retry-After': `${WINDOW_SECONDS}` });
  return [
    {
      name: 'RequestsPerClientIp',
      statement: rateLimit(requestsPerClientIp, { notStatement: { statement: IS_PREFLIGHT } }),
      action: tooMany,
    },
    {
      name: 'PreflightsPerSource',
      statement: rateLimit(PREFLIGHTS_PER_REQUEST * requestsPerClientIp, IS_PREFLIGHT),
      action: tooMany,
    },
    {
      name: 'BodySize',
      statement: {
        sizeConstraintStatement: {
          // WAF is shown the first 16 KiB; what is longer is too large all the same
          fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
          comparisonOperator: 'GT',
          size: maximumBytes,
          textTransformations: [{ priority: 0, type: 'NONE' }],
        },
      },
      action: block(413, 'body-too-large', headers),
    },
    { name: 'Preflights', statement: IS_PREFLIGHT, action: { allow: {} } },
    ...MANAGED_RULE_GROUPS.map((name) => ({
      name,
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
    })),
  ];
}

/** Counted by the address of the connection: a header such as X-Forwarded-For says whatever its sender likes. */
function rateLimit(
  limit: number,
  scopeDownStatement: CfnWebACL.StatementProperty,
): CfnWebACL.StatementProperty {
  return {
    rateBasedStatement: {
      aggregateKeyType: 'IP',
      evaluationWindowSec: WINDOW_SECONDS,
      limit,
      scopeDownStatement,
    },
  };
}

function block(
  responseCode: number,
  customResponseBodyKey: keyof typeof RESPONSE_BODIES,
  headers: Readonly<Record<string, string>>,
): CfnWebACL.RuleActionProperty {
  const responseHeaders = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return { block: { customResponse: { responseCode, customResponseBodyKey, responseHeaders } } };
}

/** Measured, but without samples of requests: their paths cannot be protected. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
