import {
  CfnModel,
  type Deployment,
  type IModel,
  LambdaIntegration,
  Model,
  type Resource,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ROUTE } from '../../functions/recover-user/http/contract.ts';
import { addErrorResponses, addMethodNotAllowed } from './gateway-responses.ts';
import { requestSchema } from './request-schema.ts';

/** What the endpoint consists of. */
export interface RecoveryEndpointProps {
  /** The API that gets the methods. */
  restApi: RestApi;
  /** The function that responds. */
  handler: IFunction;
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

  #addRecoverUser(route: Resource, { restApi, handler, allowedOrigins }: RecoveryEndpointProps): void {
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    route.addMethod('POST', integration, {
      requestModels: { 'application/json': this.#requestModel(restApi) },
      requestValidator: restApi.addRequestValidator('RequestValidator', {
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    });
    // the function responds to preflights too, so that there is one allow-list
    if (allowedOrigins.length > 0) route.addMethod('OPTIONS', integration);
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
