import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus, type EventPattern, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../functions/runtime/event-names.ts';

/** How long the archive keeps events, to be replayed to a rule that missed them. */
const ARCHIVE_RETENTION = Duration.days(30);

/** Where events go, and whose they are. */
export interface RecoveryEventBusProps {
  /** The stage that every event names. */
  stage: string;
  /** The name of a bus that is made; absent: CloudFormation's. */
  busName?: string | undefined;
  /** A bus for events of others too; absent: one is made. */
  existing?: IEventBus | undefined;
}

/** The bus of the events, docs/events.md, and an archive of them. Rules of others may be on it, too. */
export class RecoveryEventBus extends Construct {
  readonly bus: IEventBus | EventBus;
  /** What the functions and rules name the bus by. */
  readonly eventBusName: string;
  /** What the archive and the audit log match: all events of this deployment, and nobody else's. */
  readonly eventPattern: EventPattern;

  constructor(scope: Construct, id: string, { stage, busName, existing }: RecoveryEventBusProps) {
    super(scope, id);
    this.bus =
      existing ??
      new EventBus(this, 'Bus', {
        description: 'Events of user recovery',
        ...(busName !== undefined && { eventBusName: busName }),
      });
    this.eventBusName = this.bus.eventBusName;
    // on a bus of its own, events are nobody else's
    this.eventPattern = { source: [EVENT_SOURCE], ...(existing && { detail: { stage: [stage] } }) };
    const archive = {
      description: 'Events of user recovery, for replays',
      eventPattern: this.eventPattern,
      retention: ARCHIVE_RETENTION,
    };
    if (existing) new Archive(this, 'Archive', { ...archive, sourceEventBus: existing });
    else this.bus.archive('Archive', archive);
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
