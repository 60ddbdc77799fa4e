/** An email that the simulated tenant sent. Times are in ISO 8601, UTC. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  /** The recipient's name. */
  readonly name: string;
  readonly subject: string;
  readonly receivedAt: string;
  readonly recoveryLink: string;
  readonly linkExpiresAt: string;
}

/** The simulated emails. */
export interface Mailbox {
  /** In order of arrival. */
  readonly mails: readonly Mail[];
  /** Adds an email, received now. */
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
