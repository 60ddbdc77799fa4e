/** A mail that the simulated tenant sent. Times are in ISO 8601, UTC. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  /** Of the person to whom it is written. */
  readonly name: string;
  readonly subject: string;
  readonly receivedAt: string;
  readonly recoveryLink: string;
  readonly linkExpiresAt: string;
}

/** Where simulated mails end up. */
export interface Mailbox {
  /** In the order of their arrival. */
  readonly mails: readonly Mail[];
  /** Adds a mail, received now. */
  deliver(mail: Omit<Mail, 'receivedAt'>): void;
}

/** An empty mailbox. */
export function createMailbox(): Mailbox {
  const mails: Mail[] = [];
  return {
    mails,
    deliver(mail) {
      mails.push({ ...mail, receivedAt: new Date().toISOString() });
    },
  };
}
