import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import type { CustomDomain } from './custom-domain.ts';

/** TLS 1.2 or later with forward secrecy; API Gateway's own default still accepts TLS 1.0. */
const TLS_POLICY = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;

/** The API's part of the configuration. */
export interface RecoveryApiProps {
  /** Names the API, and is a dimension of its metrics. */
  name: string;
  stage: string;
  /** Requests a second, all callers together. */
  throttleRequestsPerSecond: number;
  /** Requests that may come at once above that rate. */
  throttleBurst: number;
  logRetentionDays: RetentionDays;
  domain?: CustomDomain | undefined;
  /** Whether the stack sets the account's role by which API Gateway writes access logs. */
  accountCloudWatchRole: boolean;
}

/**
 * The REST API, protected, throttled and logged, without methods: those are `RecoveryEndpoint`'s. Its URL and origin
 * depend on no method, so that the recovery page can have them, and the function behind a method can have the page's
 * origin.
 */
export class RecoveryApi extends Construct {
  readonly restApi: RestApi;
  /** The full URL to POST to. Does not refer to the stage, so that the function's release can come before that. */
  readonly url: string;
  /** The origin of that URL, for the Content-Security-Policy of pages that call it. */
  readonly origin: string;
  /** What the DNS record (CNAME or alias) of the custom domain must point to; absent: there is no custom domain. */
  readonly customDomainTarget: string | undefined;

  constructor(scope: Construct, id: string, props: RecoveryApiProps) {
    super(scope, id);
    this.restApi = this.#createRestApi(props);
    const { region, urlSuffix } = Stack.of(this);
    const domainName =
      props.domain?.domainName ?? `${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}`;
    this.origin = `https://${domainName}`;
    this.url = `${this.origin}${props.domain ? '' : `/${props.stage}`}${ROUTE}`;
    this.customDomainTarget = this.restApi.domainName?.domainNameAliasDomainName;
  }

  #createRestApi({ domain, ...props }: RecoveryApiProps): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      // a dimension of API Gateway's metrics, which would mix two stages of one name
      restApiName: props.name,
      description: 'Takes recovery requests of users who have lost every device',
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: domain !== undefined,
      // the account's permission to write access logs: API Gateway has one for all APIs of a region
      cloudWatchRole: props.accountCloudWatchRole,
      deployOptions: {
        stageName: props.stage,
        throttlingRateLimit: props.throttleRequestsPerSecond,
        throttlingBurstLimit: props.throttleBurst,
        metricsEnabled: true,
        tracingEnabled: true,
        // execution logs quote what the request model rejects: the address
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: ACCESS_LOG_FORMAT,
      },
      ...(domain && {
        domainName: {
          ...domain,
          endpointType: EndpointType.REGIONAL,
          securityPolicy: TLS_POLICY,
          endpointAccessMode: EndpointAccessMode.STRICT,
        },
      }),
    });
    // the API's own output would be a second URL beside EndpointUrl, without the route
    api.node.tryRemoveChild('Endpoint');
    const resource = api.node.defaultChild;
    if (resource instanceof CfnRestApi) {
      resource.securityPolicy = TLS_POLICY;
      resource.endpointAccessMode = EndpointAccessMode.STRICT;
    }
    return api;
  }
}

/** It holds neither the address nor anything else that the caller sent. */
const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    httpMethod: AccessLogField.contextHttpMethod(),
    resourcePath: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    errorType: AccessLogField.contextErrorResponseType(),
    responseLatencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    traceId: AccessLogField.contextXrayTraceId(),
  }),
);
