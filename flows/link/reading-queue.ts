// Readings on their way to the core: waiting, under way in batches, answered. No network and no clock in here.
import { LINK_BATCH_LIMIT, LINK_CREDIT, LINK_FRAME_BYTES, type FlowReading } from '../../engine/model/link.ts';
import { problem, type Problem } from '../../engine/model/result.ts';

/** How many readings may wait before the oldest are given up. */
export const DEFAULT_WAITING_LIMIT = 50_000;

/**
 * How many batches may be under way before small ones are held back. While an answer is awaited, readings gather into
 * the next batch; when nothing is under way, a single reading leaves at once.
 */
const SMALL_BATCHES_UNDER_WAY = 4;

/** Room for `{"type":"readings","seq":…,"readings":[…]}` around the readings, in bytes. */
const ENVELOPE_BYTES = 100;

/** What became of the readings of one call. */
export interface SubmitOutcome {
  accepted: number;
  /** By their place in the call. */
  refused: { index: number; problem: Problem }[];
}

/** A frame for the wire. */
export interface Batch {
  seq: number;
  frame: string;
}

/** Counts since the start, and how many are in which place now. */
export interface QueueFigures {
  waiting: number;
  underWay: number;
  accepted: number;
  refused: number;
  /** Given up because too many waited. */
  shed: number;
}

interface Submission {
  open: number;
  outcome: SubmitOutcome;
  resolve: (outcome: SubmitOutcome) => void;
}

interface Entry {
  text: string;
  bytes: number;
  submission: Submission;
  index: number;
}

/** The queue of one link. */
export class ReadingQueue {
  readonly #waitingLimit: number;
  #waiting: Entry[] = [];
  /** Where `#waiting` begins: taking from an array's front one by one would move all the others. */
  #head = 0;
  readonly #batches = new Map<number, Batch & { entries: Entry[] }>();
  #nextSeq = 0;
  #underWay = 0;
  #accepted = 0;
  #refused = 0;
  #shed = 0;

  /** @param waitingLimit 1 or more; default 50,000 */
  constructor(waitingLimit: number = DEFAULT_WAITING_LIMIT) {
    this.#waitingLimit = waitingLimit;
  }

  /** Takes readings in. Resolves when each is accepted, refused or given up. */
  add(readings: readonly FlowReading[]): Promise<SubmitOutcome> {
    return new Promise((resolve) => {
      const submission: Submission = { open: readings.length, outcome: { accepted: 0, refused: [] }, resolve };
      if (readings.length === 0) resolve(submission.outcome);
      for (const [index, reading] of readings.entries()) {
        const text = JSON.stringify(reading);
        const entry = { text, bytes: Buffer.byteLength(text) + 1, submission, index };
        if (entry.bytes + ENVELOPE_BYTES > LINK_FRAME_BYTES) this.#settle(entry, TOO_LARGE(entry.bytes));
        else this.#waiting.push(entry);
      }
      this.#shedOldest();
    });
  }

  /** The next batch to send, or undefined: nothing waits, the credit is used up, or it is worth waiting for more. */
  next(): Batch | undefined {
    const available = Math.min(this.#waitingCount, LINK_BATCH_LIMIT, LINK_CREDIT - this.#underWay);
    const isWorthIt = available === LINK_BATCH_LIMIT || this.#batches.size < SMALL_BATCHES_UNDER_WAY;
    if (available <= 0 || !isWorthIt) return undefined;
    const entries = this.#take(available);
    const seq = this.#nextSeq++;
    const frame = `{"type":"readings","seq":${seq},"readings":[${entries.map((entry) => entry.text).join(',')}]}`;
    this.#batches.set(seq, { seq, frame, entries });
    this.#underWay += entries.length;
    return { seq, frame };
  }

  /** The core has answered a batch. An answer to an unknown batch (answered before) changes nothing. */
  answer(seq: number, refused: readonly { index: number; problem: Problem }[]): void {
    const batch = this.#batches.get(seq);
    if (!batch) return;
    this.#batches.delete(seq);
    this.#underWay -= batch.entries.length;
    const reasons = new Map(refused.map(({ index, problem: reason }) => [index, reason]));
    for (const [index, entry] of batch.entries.entries()) this.#settle(entry, reasons.get(index));
  }

  /** A batch that is still unanswered, for sending it again. */
  batch(seq: number): Batch | undefined {
    return this.#batches.get(seq);
  }

  /** All unanswered batches in the order in which they were sent. */
  unanswered(): Batch[] {
    return [...this.#batches.values()].toSorted((left, right) => left.seq - right.seq);
  }

  /** Gives up everything, with this reason: the link ends. */
  giveUp(reason: Problem): void {
    for (const { seq } of this.unanswered()) {
      const entries = this.#batches.get(seq)?.entries ?? [];
      this.answer(
        seq,
        entries.map((_, index) => ({ index, problem: reason })),
      );
    }
    for (const entry of this.#take(this.#waitingCount, Infinity)) this.#settle(entry, reason);
  }

  figures(): QueueFigures {
    return {
      waiting: this.#waitingCount,
      underWay: this.#underWay,
      accepted: this.#accepted,
      refused: this.#refused,
      shed: this.#shed,
    };
  }

  get #waitingCount(): number {
    return this.#waiting.length - this.#head;
  }

  /** Takes up to `count` entries that fit into one frame; at least one. */
  #take(count: number, limitBytes: number = LINK_FRAME_BYTES - ENVELOPE_BYTES): Entry[] {
    let end = this.#head;
    let bytes = 0;
    while (end < this.#head + count) {
      bytes += this.#waiting[end]?.bytes ?? 0;
      if (bytes > limitBytes) break;
      end += 1;
    }
    const taken = this.#waiting.slice(this.#head, end);
    this.#head = end;
    // Half of the array is behind us: let it go, so that its cost is shared by as many entries.
    if (this.#head * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  #shedOldest(): void {
    const surplus = this.#waitingCount - this.#waitingLimit;
    if (surplus <= 0) return;
    this.#shed += surplus;
    for (const entry of this.#take(surplus, Infinity)) this.#settle(entry, SHED(this.#waitingLimit));
  }

  #settle({ submission, index }: Entry, reason?: Problem): void {
    if (reason) {
      this.#refused += 1;
      submission.outcome.refused.push({ index, problem: reason });
    } else {
      this.#accepted += 1;
      submission.outcome.accepted += 1;
    }
    submission.open -= 1;
    if (submission.open > 0) return;
    submission.outcome.refused.sort((left, right) => left.index - right.index);
    submission.resolve(submission.outcome);
  }
}

const SHED = (limit: number): Problem =>
  problem(
    'link-full',
    '',
    `more than ${limit} waiting readings`,
    'the oldest were given up: the core is not keeping up',
  );

const TOO_LARGE = (bytes: number): Problem =>
  problem('link-reading-size', '', `${bytes} bytes`, `allowed is at most ${LINK_FRAME_BYTES - ENVELOPE_BYTES}`);
