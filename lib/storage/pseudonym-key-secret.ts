import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** The pseudonymization key, apart from the API token: without a token, requests wait in the outbox instead of being lost. */
export class PseudonymKeySecret extends Construct {
  readonly secret: Secret;
  /** What the function names the secret by. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Pseudonymization key of mailboxes in the rate limiter and the audit log',
      // 62 kinds of characters, 64 of them: 381 bits, more than HMAC-SHA-256 makes use of
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
      // the audit log outlives the stack too, and without the key nobody can find a mailbox in it any more
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.secretArn = this.secret.secretArn;
  }

  /** Lets the grantee read this secret's value, and nothing else. */
  grantReadValue(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secretArn],
    });
  }
}
