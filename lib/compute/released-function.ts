import { type Alias, FunctionBase, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

/** The name of the alias that callers invoke. */
const LIVE = 'live';

/**
 * A function whose changes are released: each change of its code or configuration is a version of its own. Callers invoke
 * the alias `live`, which moves to the new version.
 */
export class ReleasedFunction extends ServiceFunction {
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id, props);
    this.live = this.lambda.addAlias(LIVE);
  }

  /** The alias as an `IFunction`, which the CDK's class is not under `exactOptionalPropertyTypes`. */
  get liveFunction(): IFunction {
    const alias: unknown = this.live;
    if (alias instanceof FunctionBase) return alias;
    throw new TypeError('an alias is no function');
  }
}
