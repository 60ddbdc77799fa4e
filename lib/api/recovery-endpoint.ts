import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  CfnModel,
  CfnRestApi,
  type Deployment,
  EndpointAccessMode,
  EndpointType,
  type IModel,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  Model,
  type Resource,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import { addErrorResponses, addMethodNotAllowed } from './gateway-responses.ts';
import { requestSchema } from './request-schema.ts';

/** TLS 1.2 or later with forward secrecy; API Gateway's own default still accepts TLS 1.0. */
const TLS_POLICY = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;

export interface RecoveryEndpointProps {
  stage: string;
  /** Requests a second, all callers together. */
  throttleRequestsPerSecond: number;
  /** Requests that may come at once above that rate. */
  throttleBurst: number;
  logRetentionDays: RetentionDays;
  customDomain?: { domainName: string; certificateArn: string } | undefined;
  /** Whether the stack sets the account's role by which API Gateway writes access logs. */
  accountCloudWatchRole: boolean;
}

/**
 * The REST API: `POST /recover-user`, protected, throttled and logged; every error response is a problem document. The function is
 * connected later, by {@link serve}: it needs the origin of the recovery page, which needs the URL of this endpoint.
 */
export class RecoveryEndpoint extends Construct {
  readonly api: RestApi;
  /** The full URL to POST to. */
  readonly url: string;
  /**
   * The origin of that URL, for the Content-Security-Policy of pages that call it. It refers to the API and to nothing of
   * it, so that whatever stands behind its methods may depend on it.
   */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: RecoveryEndpointProps) {
    super(scope, id);
    this.api = this.#createApi(props);
    const { region, urlSuffix } = Stack.of(this);
    this.origin = `https://${props.customDomain?.domainName ?? `${this.api.restApiId}.execute-api.${region}.${urlSuffix}`}`;
    this.url = props.customDomain ? `${this.origin}${ROUTE}` : this.api.urlForPath(ROUTE);
    acknowledgeFindings(this.api);
  }

  /** Connects the function, and lets pages of the origins read the API's own error responses. Call it once. */
  serve(handler: IFunction, allowedOrigins: readonly string[]): void {
    const route = this.api.root.addResource(ROUTE.slice(1));
    // this one first: `sam local` lets the last method that matches have a request
    addMethodNotAllowed(route, allowedOrigins);
    this.#addRecoverUser(route, handler, allowedOrigins);
    addErrorResponses(this.api, allowedOrigins);
  }

  #createApi({ customDomain, ...props }: RecoveryEndpointProps): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Takes recovery requests of users who have lost every device',
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: customDomain !== undefined,
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
      ...(customDomain && {
        domainName: {
          domainName: customDomain.domainName,
          certificate: Certificate.fromCertificateArn(this, 'Certificate', customDomain.certificateArn),
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
    if (api.domainName) {
      new CfnOutput(Stack.of(this), 'CustomDomainTarget', {
        description: 'What the DNS record (CNAME or alias) of the domain must point to',
        value: api.domainName.domainNameAliasDomainName,
      });
    }
    return api;
  }

  #addRecoverUser(route: Resource, handler: IFunction, allowedOrigins: readonly string[]): void {
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    route.addMethod('POST', integration, {
      requestModels: { 'application/json': this.#requestModel() },
      requestValidator: this.api.addRequestValidator('RequestValidator', {
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    });
    // the function responds to preflights too, so that there is one allow-list
    if (allowedOrigins.length > 0) route.addMethod('OPTIONS', integration);
  }

  #requestModel(): IModel {
    const schema = requestSchema('gateway');
    const model = new CfnModel(this, 'RequestModel', {
      restApiId: this.api.restApiId,
      contentType: 'application/json',
      description: 'Made from the schema that the function validates with',
      schema,
    });
    redeployOnChange(this.api.latestDeployment, model, schema);
    return Model.fromModelName(this, 'RequestModelReference', model.ref);
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

/** A change of the resource makes a new deployment, without which API Gateway would go on serving the old one. */
function redeployOnChange(deployment: Deployment | undefined, resource: CfnModel, content: unknown): void {
  deployment?.node.addDependency(resource);
  deployment?.addToLogicalId({ [resource.node.id]: content });
}

function acknowledgeFindings(api: RestApi): void {
  const isPublic =
    'Public by design: the caller is locked out and has nothing left to sign in with. The link goes to the registered address only, and every caller gets the same response.';
  Validations.of(api).acknowledge(
    { id: 'AwsSolutions-APIG4', reason: isPublic },
    { id: 'AwsSolutions-COG4', reason: isPublic },
    {
      id: 'AwsSolutions-APIG6',
      reason:
        "Execution logs quote what the request model rejects, that is an email address. The access log, the function's log and X-Ray show what happened to a request without it.",
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'The policy that AWS made for this role, which belongs to API Gateway in this account and not to this stack.',
    },
  );
}
