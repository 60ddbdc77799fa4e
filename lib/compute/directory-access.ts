import { Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DirectorySetting } from '../config/directory-schema.ts';

/**
 * Lets a function find users: `GetItem` on the table, `Query` on the index, or `InvokeFunction` on the function, and nothing
 * else. Absent where the directory is the email address.
 */
export function grantDirectory(
  scope: Construct,
  directory: DirectorySetting,
  grantee: IGrantable,
): Grant | undefined {
  switch (directory.type) {
    case 'email':
      return undefined;
    case 'dynamodb': {
      const table = tableArnOf(Stack.of(scope), directory.tableName);
      return directory.indexName === undefined
        ? Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem'], resourceArns: [table] })
        : Grant.addToPrincipal({
            grantee,
            actions: ['dynamodb:Query'],
            resourceArns: [`${table}/index/${directory.indexName}`],
          });
    }
    case 'lambda':
      return Grant.addToPrincipal({
        grantee,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [directory.functionArn],
      });
  }
}

function tableArnOf(stack: Stack, tableName: string): string {
  // a construct's directory is an ARN that is known at deployment only
  if (tableName.startsWith('arn:') || Token.isUnresolved(tableName)) return tableName;
  return stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName });
}
