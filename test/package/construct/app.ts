import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { UserRecovery, type UserRecoveryProps } from 'beyond-identity-user-recovery';

/* An app of somebody else's: each property that takes a thing of theirs, and what the construct offers. */
const app = new App();
const props: UserRecoveryProps = {
  beyondIdentity: { platform: 'v0', region: 'us' },
  directory: { type: 'email' },
  allowedOrigins: [],
};

new UserRecovery(new Stack(app, 'RecoveryStack'), 'Default', { ...props, stage: 'production' });

const two = new Stack(app, 'Two');
new UserRecovery(two, 'First', props);
const second = new UserRecovery(two, 'Second', {
  ...props,
  directory: {
    type: 'dynamodb',
    table: Table.fromTableName(two, 'Users', 'users'),
    addressAttribute: 'email',
    referenceAttribute: 'id',
  },
  apiTokenSecret: Secret.fromSecretNameV2(two, 'Token', 'shared/api-token'),
  encryptionKey: new Key(two, 'Key'),
  eventBus: EventBus.fromEventBusName(two, 'Bus', 'shared'),
  alarmTopic: Topic.fromTopicArn(two, 'Topic', 'arn:aws:sns:eu-west-1:123456789012:alarms'),
  vpc: new Vpc(two, 'Vpc'),
  webAcl: 'none',
  removalPolicy: RemovalPolicy.DESTROY,
  recoveryPage: true,
});
const helpDesk = new Role(two, 'HelpDesk', { assumedBy: new AccountPrincipal('123456789012') });
second.grantRecover(helpDesk);
second.grantLookup(helpDesk);
second.metricForwarded().createAlarm(two, 'Forwarded', { threshold: 100, evaluationPeriods: 1 });

new UserRecovery(new Stack(app, 'Other'), 'Recovery', props);
app.synth();
