import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** The table of recovery attempts by mailbox, which all instances of the function share. */
export class RateLimitTable extends Construct {
  readonly table: Table;
  /** What the function names the table by. */
  readonly tableName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      // the pseudonym of a mailbox, an HMAC: no address is in the table
      partitionKey: { name: 'mailbox', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // what is older than a day decides nothing any more, so that older backups would only keep pseudonyms
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 1 },
      // By default encrypted at rest with DynamoDB's own key (encryption.ts replaces it). A KMS key would keep out nobody who may read the table,
      // and would add one more service that can be down or slow while a user waits.

      // It holds a day of counts. Lost with the stack, a mailbox gets one more day's emails at most; kept, they
      // would be pseudonyms that nobody needs.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.tableName = this.table.tableName;
  }

  /** Lets the grantee decide on attempts: one conditional update each, without reading or deleting anything. */
  grantDecide(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:UpdateItem'],
      resourceArns: [this.table.tableArn],
    });
  }
}
