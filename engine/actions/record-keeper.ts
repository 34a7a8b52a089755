// Hands records to the recorder beside the engine's work, and holds them while the record plane is away.
import { SignalboxError } from '../model/errors.ts';
import type { Alarm } from '../model/alarm.ts';
import type { Clock } from '../model/clock.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { MessageRecord, Order } from '../model/one-shot.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';

/** Records of one moment. */
export interface RecordBatch {
  decisions: Decision[];
  commands: CommandRecord[];
  readings: Reading[];
  orders?: Order[];
  messages?: MessageRecord[];
  halts?: Halt[];
  alarms?: Alarm[];
  pointChanges?: PointChange[];
}

/** Where decisions, commands and readings are recorded; the store's recorder fits. */
export interface RecordTaker {
  /** Resolves when the batch is durable. Taking the same record twice has the effect of once. */
  record(batch: RecordBatch): Promise<void>;
}

/** While so many records wait, the record plane is away or slower than the city: readings are left out and counted. */
const MOST_WITH_READINGS = 50_000;
/** What must not be missing (decisions, commands, orders) is held up to here; what is dropped then is made again from the log. */
const MOST_HELD = 500_000;
/** Records per hand-over. */
const LARGEST_BATCH = 2_000;
/** The wait before a refused hand-over is tried again, in milliseconds. */
const TRY_AGAIN_MS = 1_000;

/** One hand-over at a time, in order. */
export class RecordKeeper {
  readonly #recorder: RecordTaker;
  readonly #clock: Clock;
  #held: RecordBatch[] = [];
  #heldSize = 0;
  #dropped = 0;
  /** Readings that were left out of the record since the start. */
  leftOutReadings = 0;
  /** How many records were taken and written since the start; who waits for which of them. */
  #taken = 0;
  #written = 0;
  #waiting: { mark: number; resolve: () => void }[] = [];
  #isWorking = false;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(recorder: RecordTaker, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** Takes records; never fails and never waits. */
  take(whole: RecordBatch): void {
    const batch = this.#heldSize > MOST_WITH_READINGS ? { ...whole, readings: [] } : whole;
    this.leftOutReadings += whole.readings.length - batch.readings.length;
    const size = sizeOf(batch);
    if (size === 0 || this.#stopped) return;
    if (this.#heldSize > 0 && this.#heldSize + size > MOST_HELD) {
      this.#dropped += size;
      return;
    }
    this.#held.push(batch);
    this.#heldSize += size;
    this.#taken += size;
    if (!this.#isWorking) void this.#work();
  }

  /**
   * Resolves when everything taken so far is durable, however long the record plane is away. Rejects with
   * `database-unavailable` when some had to be dropped: whoever made them must make them again.
   */
  async settled(): Promise<void> {
    const mark = this.#taken;
    // Not until nothing is held: on a busy day that moment never comes.
    if (this.#written < mark && !this.#stopped)
      await new Promise<void>((resolve) => this.#waiting.push({ mark, resolve }));
    if (this.#written < mark) throw new SignalboxError('database-unavailable', { why: 'the recorder was stopped' });
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0)
      throw new SignalboxError('database-unavailable', { why: `${dropped} records were dropped while it was away` });
  }

  /** Tries no more; what is held is not durable. Safe to call twice. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#held.length > 0 && !this.#stopped) {
      const group = this.#firstBatches();
      const isDone = await this.#recorder.record(mergeBatches(group)).then(
        () => true,
        () => false,
      );
      if (isDone) this.#noteWritten(group);
      else await this.#pause();
    }
    this.#isWorking = false;
  }

  #noteWritten(group: readonly RecordBatch[]): void {
    const size = group.reduce((sum, batch) => sum + sizeOf(batch), 0);
    this.#held.splice(0, group.length);
    this.#heldSize -= size;
    this.#written += size;
    const served = this.#waiting.filter(({ mark }) => mark <= this.#written);
    this.#waiting = this.#waiting.filter(({ mark }) => mark > this.#written);
    for (const { resolve } of served) resolve();
  }

  #firstBatches(): RecordBatch[] {
    let size = 0;
    const tooMany = this.#held.findIndex((batch) => (size += sizeOf(batch)) > LARGEST_BATCH);
    return this.#held.slice(0, tooMany === -1 ? undefined : Math.max(tooMany, 1));
  }

  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(TRY_AGAIN_MS, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

const sizeOf = (batch: RecordBatch): number =>
  Object.values(batch).reduce((sum: number, list: readonly unknown[] | undefined) => sum + (list?.length ?? 0), 0);

/** A command's record holds all its steps so far: of several the last says everything. */
function mergeBatches(batches: readonly RecordBatch[]): RecordBatch {
  const commands = batches.flatMap((batch) => batch.commands);
  const orders = batches.flatMap((batch) => batch.orders ?? []);
  const messages = batches.flatMap((batch) => batch.messages ?? []);
  const halts = batches.flatMap((batch) => batch.halts ?? []);
  const alarms = batches.flatMap((batch) => batch.alarms ?? []);
  const pointChanges = batches.flatMap((batch) => batch.pointChanges ?? []);
  return {
    decisions: batches.flatMap((batch) => batch.decisions),
    commands: [...new Map(commands.map((record) => [record.command.commandId, record])).values()],
    readings: batches.flatMap((batch) => batch.readings),
    ...(orders.length === 0 ? {} : { orders }),
    ...(messages.length === 0 ? {} : { messages }),
    ...(halts.length === 0 ? {} : { halts }),
    ...(alarms.length === 0 ? {} : { alarms }),
    ...(pointChanges.length === 0 ? {} : { pointChanges }),
  };
}
