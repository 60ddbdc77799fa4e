import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { ApiTokenSecret } from './api-token-secret.ts';
import { RecoveryDashboard } from './dashboard.ts';
import { RecoverUserFunction } from './recover-user-function.ts';
import { RecoveryEndpoint } from './recovery-endpoint.ts';
import type { Settings } from './settings.ts';

/** Everything that user recovery needs in one AWS account and region. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: 'User recovery for Beyond Identity: an endpoint that has the recovery link mailed',
    });

    const apiTokenSecret = new ApiTokenSecret(this, 'ApiTokenSecret', {
      existingName: settings.apiTokenSecretName,
    });
    const lambda = new RecoverUserFunction(this, 'RecoverUserFunction', { ...settings, apiTokenSecret });
    const endpoint = new RecoveryEndpoint(this, 'RecoveryEndpoint', { ...settings, handler: lambda });
    new Alarms(this, 'Alarms', { lambda, api: endpoint.api, email: settings.alarmEmail });
    const dashboard = new RecoveryDashboard(this, 'RecoveryDashboard', { lambda, api: endpoint.api });

    new CfnOutput(this, 'EndpointUrl', { description: 'POST recovery requests here', value: endpoint.url });
    new CfnOutput(this, 'ApiTokenSecretName', {
      description: 'The secret that holds the API token: npm run store-token',
      value: apiTokenSecret.secretName,
    });
    new CfnOutput(this, 'DashboardUrl', { description: 'Is recovery working?', value: dashboard.url });
  }
}
