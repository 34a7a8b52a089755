// Takes commands from the queue to the wire: still wanted, in time, allowed by restraints, interlocks and wear budget, sent, and said so in the log.
import type { Logger } from 'pino';

import type { InputLog } from '../fold/ports.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import {
  NeverAgain,
  NotNow,
  TryLater,
  type CommandConsumer,
  type CommandQueue,
  type Delivery,
} from './command-queue.ts';
import { DeviceLimit, type DeviceLimits } from './device-limit.ts';
import type { Documents, InterlockCheck } from './interlock-check.ts';
import type { RestraintCheck } from './restraints.ts';
import type { ChangeAdmission, Ledger, Outcome } from './ledger.ts';
import { ProgressWriter } from './progress-writer.ts';

/** What brings a command to its device; an adapter fits. */
export interface CommandSender {
  /** Resolves when the command is on the wire. Rejects when it is not, or when `signal` says that it took too long. */
  send(command: Command, signal?: AbortSignal): Promise<void>;
}

/** What a worker works with. */
export interface CommandWorkerOptions {
  queue: CommandQueue;
  ledger: Ledger;
  interlocks: InterlockCheck;
  restraints: RestraintCheck;
  /** Where points declare their wear budgets. */
  documents: Pick<Documents, 'pointOf'>;
  sender: CommandSender;
  log: Pick<InputLog, 'append'>;
  logger: Logger;
  clock?: Clock;
  /** Commands in hand at a time; default 50. */
  concurrency?: number;
  /** Per device; default 4 under way and 8 waiting for them. */
  perDevice?: DeviceLimits;
}

const DEFAULT_CONCURRENCY = 50;
const DEFAULT_PER_DEVICE: DeviceLimits = { inFlight: 4, waiting: 8 };
/** The wait after the first failed try, doubled with each one up to the longest; milliseconds. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A try that takes longer than this has failed, so that a hanging wire does not hold its place; milliseconds. */
const LONGEST_SEND_MS = 5_000;
/** The wait while Redis or the log is away: these tries do not count, the command's own end does. Milliseconds. */
const OUTAGE_PAUSE_MS = 500;

/** Why a command that was admitted for nothing ends. */
const DETAIL_OF: Readonly<Record<'superseded' | 'outdated' | 'expired', Outcome>> = {
  superseded: { state: 'superseded', detail: 'a newer command for the point was issued' },
  outdated: { state: 'superseded', detail: 'a newer command for the point was already sent' },
  expired: { state: 'expired', detail: 'it was not on the wire in time' },
};

/** One worker. Any number may run, in any number of processes. */
export class CommandWorker {
  readonly #options: CommandWorkerOptions;
  readonly #clock: Clock;
  readonly #limit: DeviceLimit;
  readonly #progress: ProgressWriter;
  #consumer: CommandConsumer | undefined;

  constructor(options: CommandWorkerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#limit = new DeviceLimit(options.perDevice ?? DEFAULT_PER_DEVICE);
    this.#progress = new ProgressWriter(options.log);
  }

  /** Begins to take commands. Safe to call twice. */
  start(): void {
    const { queue, concurrency } = this.#options;
    this.#consumer ??= queue.consume((delivery) => this.#handle(delivery), {
      concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    });
  }

  /** Finishes what is in hand and takes no more. Safe to call twice. */
  async stop(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.stop();
  }

  #handle(delivery: Delivery): Promise<void> {
    const { department, device } = delivery.command;
    return this.#limit.run(`${department}/${device}`, async () => {
      try {
        await this.#carryOut(delivery);
      } catch (error) {
        if (error instanceof TryLater || error instanceof NotNow || error instanceof NeverAgain) throw error;
        // The ledger or the log is away: nothing is known to have ended, so the command must come again.
        this.#options.logger.warn({ err: error, commandId: delivery.command.commandId }, 'command put back');
        throw new TryLater(wordsOf(error), OUTAGE_PAUSE_MS, { cause: error });
      }
    });
  }

  async #carryOut(delivery: Delivery): Promise<void> {
    const { command } = delivery;
    const { ledger, interlocks, restraints } = this.#options;
    const admission = await ledger.admit(command);
    if (admission.verdict !== 'send') return this.#endWithout(delivery, admission);
    let refusal;
    try {
      const passage = await interlocks.mayMove(command);
      refusal = passage.allowed ? await restraints.whyRefused(command) : passage.reason;
    } catch (error) {
      return this.#tryAgain(delivery, error);
    }
    if (refusal !== undefined) return this.#end(command, { state: 'refused', detail: refusal });
    // Asked again right before the wire: a newer command or the deadline may have come between.
    const point = this.#options.documents.pointOf(command);
    const last = await (point ? ledger.admitChange(command, point) : ledger.admit(command));
    if (last.verdict !== 'send') return this.#endWithout(delivery, last);
    let standsInTheWay;
    try {
      // Costs nothing while the last look is fresh; a slow Redis may have taken longer than a stand-down has time.
      standsInTheWay = await restraints.whyRefused(command);
      if (standsInTheWay === undefined) await this.#send(command, last.now);
    } catch (error) {
      return this.#tryAgain(delivery, error);
    }
    await this.#end(
      command,
      standsInTheWay === undefined ? { state: 'sent' } : { state: 'refused', detail: standsInTheWay },
    );
  }

  async #send(command: Command, now: number): Promise<void> {
    const tooLong = new AbortController();
    const limitMs = Math.min(LONGEST_SEND_MS, Math.max(command.notAfter - now, 1));
    const cancel = this.#clock.after(limitMs, () => tooLong.abort(new Error(`not on the wire within ${limitMs} ms`)));
    try {
      await this.#options.sender.send(command, tooLong.signal);
    } finally {
      cancel();
    }
  }

  async #endWithout(
    { command, lastFailure }: Delivery,
    admission: Exclude<ChangeAdmission, { verdict: 'send' }>,
  ): Promise<void> {
    // Said again, because the worker that settled it may have died before it could say so.
    if (admission.verdict === 'repeat') return this.#say(command, admission.earlier);
    if (admission.verdict === 'worn')
      return this.#end(command, { state: 'refused', detail: admission.waits.why, until: admission.waits.until });
    if (admission.verdict === 'send') return;
    const { state, detail } = DETAIL_OF[admission.verdict];
    const why = state === 'expired' && lastFailure !== undefined ? `${detail}: ${lastFailure}` : detail;
    await this.#end(command, { state, ...(why === undefined ? {} : { detail: why }) });
  }

  /** Another try, if it would come before the command's end; else this was the last one. */
  async #tryAgain({ command, attempt }: Delivery, error: unknown): Promise<void> {
    const detail = wordsOf(error);
    const { now } = await this.#options.ledger.admit(command);
    // A command that cannot be put on the wire at all will not fare better the next time.
    const isHopeless = error instanceof SignalboxError && error.code === 'invalid';
    const delayMs = pauseBefore(attempt);
    if (isHopeless || now + delayMs >= command.notAfter) return this.#end(command, { state: 'failed', detail });
    throw new TryLater(detail, delayMs, { cause: error });
  }

  /** Settles it in the ledger, then says so; what was settled first holds. */
  async #end(command: Command, outcome: Outcome): Promise<void> {
    await this.#say(command, await this.#options.ledger.settle(command, outcome));
  }

  async #say(command: Command, outcome: Outcome): Promise<void> {
    await this.#progress.write(command.commandId, outcome);
    if (outcome.state === 'sent') return;
    this.#options.logger.info({ commandId: command.commandId, ...outcome }, 'command not sent');
    // Kept in the queue's own list of failures, for inspection.
    if (outcome.state === 'failed' || outcome.state === 'expired')
      throw new NeverAgain(outcome.detail ?? outcome.state);
  }
}

/** Exponential with jitter, so that commands that failed together do not come back together. */
function pauseBefore(attempt: number): number {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** (Math.max(attempt, 1) - 1), LONGEST_PAUSE_MS);
  return whole / 2 + (Math.random() * whole) / 2;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
