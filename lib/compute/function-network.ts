import {
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Where in a VPC functions run. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/**
 * The part of a VPC that functions run in: subnets that reach the internet or a proxy (Beyond Identity is not in the VPC) and
 * AWS, by a NAT gateway or by VPC endpoints, and a security group that lets nothing in and only HTTPS out.
 */
export function functionNetwork(
  scope: Construct,
  vpc: IVpc,
  vpcSubnets: SubnetSelection | undefined,
): FunctionNetwork {
  const securityGroup = new SecurityGroup(scope, 'FunctionSecurityGroup', {
    vpc,
    description: 'Functions of user recovery: HTTPS out, nothing in',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS, Beyond Identity, the CAPTCHA provider');
  return { vpc, ...(vpcSubnets && { vpcSubnets }), securityGroups: [securityGroup] };
}
