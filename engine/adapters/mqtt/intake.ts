// From a session's messages to the log: read, appended in groups, and acknowledged only once they are on disk.
import type { Logger } from 'pino';

import type { InputLog } from '../../fold/ports.ts';
import type { Clock } from '../../model/clock.ts';
import type { Input } from '../../model/input.ts';
import type { DeviceDirectory } from '../adapter.ts';
import type { IncomingMessage } from './mqtt-session.ts';
import { readMessage } from './read-message.ts';
import type { Refusals } from './refusals.ts';

/** The side of a session that an intake needs. */
export interface Acknowledger {
  acknowledge(messageIds: readonly number[]): void;
  pause(): void;
  resume(): void;
}

/** What an intake needs. */
export interface IntakeOptions {
  log: Pick<InputLog, 'append'>;
  directory: DeviceDirectory;
  refusals: Refusals;
  clock: Clock;
  logger: Logger;
}

/** Messages per append. */
const LARGEST_GROUP = 500;
/** With more than this waiting the session is paused; it goes on at half of it. */
const MOST_WAITING = 2_000;
/** The wait before the log is tried again, in milliseconds. */
const TRY_AGAIN_MS = 200;

/** The messages of one session. What was not acknowledged when it ends comes again in the next. */
export class Intake {
  readonly #options: IntakeOptions;
  #session: Acknowledger | undefined;
  #waiting: IncomingMessage[] = [];
  #isWorking = false;
  #isPaused = false;
  #isOver = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Whom to tell what was taken; messages may come before. */
  attach(session: Acknowledger): void {
    this.#session = session;
    this.#work();
  }

  take(message: IncomingMessage): void {
    if (this.#isOver) return;
    this.#waiting.push(message);
    if (this.#waiting.length > MOST_WAITING && !this.#isPaused && this.#session) {
      this.#isPaused = true;
      this.#session.pause();
    }
    this.#work();
  }

  /** The session is over: what waits will come again. Safe to call twice. */
  end(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  #work(): void {
    const session = this.#session;
    if (this.#isWorking || !session) return;
    this.#isWorking = true;
    // After this turn of the event loop, so that all messages of one network packet go in one append.
    setImmediate(() => void this.#workOff(session));
  }

  async #workOff(session: Acknowledger): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isOver) {
      const group = this.#waiting.splice(0, LARGEST_GROUP);
      await this.#append(group.flatMap((message) => this.#read(message)));
      // In the order in which they came (MQTT 3.1.1 and 5, 4.6); refused ones too, or they would come for ever.
      if (!this.#isOver) session.acknowledge(group.flatMap(({ messageId }) => messageId ?? []));
      if (this.#isPaused && this.#waiting.length < MOST_WAITING / 2) {
        this.#isPaused = false;
        session.resume();
      }
    }
    this.#isWorking = false;
  }

  #read({ topic, payload }: IncomingMessage): Input[] {
    const read = readMessage(topic, payload, this.#options.directory);
    if ('input' in read) return [read.input];
    this.#options.refusals.note(read.refused, { topic, detail: read.detail });
    return [];
  }

  /** Until the log takes it: the broker holds back meanwhile, because nothing is acknowledged. */
  async #append(inputs: readonly Input[]): Promise<void> {
    const { log, clock, logger } = this.#options;
    let hasFailed = false;
    while (inputs.length > 0 && !this.#isOver) {
      try {
        await log.append(inputs);
        return;
      } catch (error) {
        if (!hasFailed) logger.warn({ err: error, messages: inputs.length }, 'the log does not take what devices say');
        hasFailed = true;
        await new Promise<void>((resolve) => {
          clock.after(TRY_AGAIN_MS, resolve);
        });
      }
    }
  }
}
