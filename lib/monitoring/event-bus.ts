import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../functions/runtime/event-names.ts';

/** What the archive and every rule of the stack match: all events of this service, and nobody else's. */
export const EVENTS_OF_THIS_SERVICE = { source: [EVENT_SOURCE] };

/** How long the archive keeps events, to be replayed to a rule that missed them. */
const ARCHIVE_RETENTION = Duration.days(30);

/** The bus of the stack's events, docs/events.md, and an archive of them. Rules of others may be on it, too. */
export class RecoveryEventBus extends Construct {
  readonly bus: EventBus;
  /** What the functions and rules name the bus by. */
  readonly eventBusName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: 'Events of user recovery' });
    this.bus.archive('Archive', {
      description: 'Events of user recovery, for replays',
      eventPattern: EVENTS_OF_THIS_SERVICE,
      retention: ARCHIVE_RETENTION,
    });
    this.eventBusName = this.bus.eventBusName;
  }

  /** Lets the grantee publish events, and neither read nor route them. */
  grantPublish(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [this.bus.eventBusArn],
    });
  }
}
