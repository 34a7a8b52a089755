// What a plain queue carries, and what its worker publishes: the same for both.

/** The queue's name. */
export const PLAIN_QUEUE = 'plain';

/** One job. */
export interface PlainJob {
  point: string;
  value: number;
  commandId: string;
  /** Milliseconds since the epoch; nobody but the judge looks at it. */
  notAfter: number;
  /** Makes the job as long as is wanted. */
  filler?: string;
}

/** As many jobs as our own worker has in hand; everything else of a plain worker is BullMQ's default. */
export const PLAIN_CONCURRENCY = 50;
