import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Where the token is. */
export interface ApiTokenSecretProps {
  /** Absent: one is created, without a token in it. */
  existing?: ISecret | undefined;
}

/** The secret that holds the API token of the Beyond Identity tenant. */
export class ApiTokenSecret extends Construct {
  readonly secret: ISecret | Secret;
  /** What the function names the secret by. */
  readonly id: string;

  constructor(scope: Construct, id: string, { existing }: ApiTokenSecretProps) {
    super(scope, id);
    this.secret = existing ?? this.#createSecret();
    // a secret that is known by its name only has no full ARN
    this.id = this.secret.secretFullArn ?? this.secret.secretName;
  }

  /** Lets the grantee read this secret's value, and nothing else. */
  grantReadValue(grantee: IGrantable): Grant {
    this.secret.encryptionKey?.grantDecrypt(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      // a secret's ARN ends in six characters of AWS's choice; of an existing secret only the name is known
      resourceArns: [this.secret.secretFullArn ?? `${this.secret.secretArn}-??????`],
    });
  }

  #createSecret(): Secret {
    return new Secret(this, 'Secret', {
      description: 'API token of the Beyond Identity tenant (API_TOKEN); stored with: npm run store-token',
      generateSecretString: {
        // an empty token is reported as missing; a generated one would be sent to Beyond Identity as if it were real
        secretStringTemplate: JSON.stringify({ API_TOKEN: '' }),
        // a template needs a key to generate; nothing reads it
        generateStringKey: 'UNUSED',
        excludePunctuation: true,
        passwordLength: 64,
      },
      // the token was put in by hand, so that nothing but a person can bring it back
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
