import { Stack } from 'aws-cdk-lib';
import {
  CfnModel,
  type Deployment,
  type IModel,
  Integration,
  IntegrationType,
  Model,
  type Resource,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { type Alias, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import { addErrorResponses, addMethodNotAllowed } from './gateway-responses.ts';
import { requestSchema } from './request-schema.ts';

/** What the endpoint consists of. */
export interface RecoveryEndpointProps {
  /** The API that gets the methods. */
  restApi: RestApi;
  /** The name of the API's stage. */
  stage: string;
  /** The alias of the function that responds. */
  live: Alias;
  /** Origins whose pages may call the endpoint, and read the API's own error responses. */
  allowedOrigins: readonly string[];
}

/** `POST /recover-user`, with its request model, and problem documents as the API's own error responses. */
export class RecoveryEndpoint extends Construct {
  constructor(scope: Construct, id: string, props: RecoveryEndpointProps) {
    super(scope, id);
    const route = props.restApi.root.addResource(ROUTE.slice(1));
    // this one first: `sam local` lets the last method that matches have a request
    addMethodNotAllowed(route, props.allowedOrigins);
    this.#addRecoverUser(route, props);
    addErrorResponses(props.restApi, props.allowedOrigins);
  }

  #addRecoverUser(route: Resource, { restApi, stage, live, allowedOrigins }: RecoveryEndpointProps): void {
    const integration = integrationOf(live);
    this.#permit('POST', restApi, stage, live);
    route.addMethod('POST', integration, {
      requestModels: { 'application/json': this.#requestModel(restApi) },
      requestValidator: restApi.addRequestValidator('RequestValidator', {
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    });
    if (allowedOrigins.length === 0) return;
    // the function responds to preflights too, so that there is one allow-list
    this.#permit('OPTIONS', restApi, stage, live);
    route.addMethod('OPTIONS', integration);
  }

  /**
   * Lets API Gateway invoke the alias for this method. The CDK's own permission refers to the stage, and so comes after it:
   * where methods change from the function to the alias, requests would fail in between.
   */
  #permit(method: string, restApi: RestApi, stage: string, live: Alias): void {
    const permission = new CfnPermission(this, `Permit${method}`, {
      action: 'lambda:InvokeFunction',
      functionName: live.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: restApi.arnForExecuteApi(method, ROUTE, stage),
    });
    restApi.latestDeployment?.node.addDependency(permission);
  }

  #requestModel(restApi: RestApi): IModel {
    const schema = requestSchema('gateway');
    const model = new CfnModel(this, 'RequestModel', {
      restApiId: restApi.restApiId,
      contentType: 'application/json',
      description: 'Made from the schema that the function validates with',
      schema,
    });
    redeployOnChange(restApi.latestDeployment, model, schema);
    return Model.fromModelName(this, 'RequestModelReference', model.ref);
  }
}

/** A change of the resource makes a new deployment, without which API Gateway would go on serving the old one. */
function redeployOnChange(deployment: Deployment | undefined, resource: CfnModel, content: unknown): void {
  deployment?.node.addDependency(resource);
  deployment?.addToLogicalId({ [resource.node.id]: content });
}

/** Hands requests to the alias, by the ARN of the function: `sam local`, which has no aliases, finds the function in it. */
function integrationOf({ lambda, aliasName }: Alias): Integration {
  const { partition, region } = Stack.of(lambda);
  const functionArn = `${lambda.functionArn}:${aliasName}`;
  return new Integration({
    type: IntegrationType.AWS_PROXY,
    integrationHttpMethod: 'POST',
    uri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  });
}
