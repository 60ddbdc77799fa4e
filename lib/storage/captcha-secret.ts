import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** The CAPTCHA provider's secret key, apart from the API token: an endpoint that cannot read that one needs it, too. */
export class CaptchaSecret extends Construct {
  readonly secret: Secret;
  readonly secretArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description:
        "The CAPTCHA provider's secret key (CAPTCHA_SECRET); stored with: npm run store-token -- --captcha",
      generateSecretString: {
        // an empty key is reported as missing; a generated one would be sent to the provider as if it were real
        secretStringTemplate: JSON.stringify({ CAPTCHA_SECRET: '' }),
        // a template needs a key to generate; nothing reads it
        generateStringKey: 'UNUSED',
        excludePunctuation: true,
      },
      // the key was put in by hand: only a person can bring it back
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
