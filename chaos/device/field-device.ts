// A device that keeps the field contract: applies each command once, in order and in time, answers, and reports what it does.
import { CommandBook, type Answer } from '../../examples/harbourton/simulator/command-book.ts';
import { toIso } from '../../engine/model/clock.ts';
import { fieldCommandSchema, type FieldCommand } from '../../engine/model/field.ts';
import { pointKey, splitPointKey } from '../../engine/model/names.ts';
import { pointOfDevice, POINT } from '../town/assets.ts';
import type { EffectsFile } from './effects-file.ts';
import { isRude, type Manners } from './manners.ts';

/** What a device is made of. */
export interface DeviceOptions {
  /** Its number. */
  index: number;
  effects: EffectsFile;
  manners: Manners;
  say: (channel: 'ack' | 'report' | 'status', message: object) => void;
}

/** One device with one point. */
export class FieldDevice {
  readonly #options: DeviceOptions;
  readonly #asset: string;
  readonly #book = new CommandBook();
  #state: { value: number; cause: 'programme' | 'command'; commandId?: string } = { value: 0, cause: 'programme' };
  #reports = 0;
  /** What a slow one has not come to yet. */
  #busy: Promise<void> = Promise.resolve();

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#asset = splitPointKey(pointOfDevice(options.index)).asset;
  }

  /** Says that it is there, and how it is. */
  greet(): void {
    this.#options.say('status', { state: 'online', at: toIso(Date.now()) });
    this.report();
  }

  /** Says how it is, read back from the hardware. */
  report(): void {
    this.#reports += 1;
    this.#options.say('report', {
      id: `${process.pid}-${this.#reports}`,
      asset: this.#asset,
      observedAt: toIso(Date.now()),
      points: { [POINT]: this.#state },
    });
  }

  /** Takes what came in on its command topic. */
  receive(payload: Buffer): void {
    const command = fieldCommandSchema.parse(JSON.parse(payload.toString()));
    const { manners, index } = this.#options;
    if (manners.kind !== 'slow' || !isRude(manners, index)) return this.#obey(command);
    this.#busy = this.#busy
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, manners.slowMs)))
      .then(() => this.#obey(command));
  }

  #obey(command: FieldCommand): void {
    const now = Date.now();
    const verdict = this.#book.judge(command, now);
    if (verdict.do === 'answer') {
      const { result } = verdict.answer;
      const why = verdict.repeated || result === 'accepted' || result === 'refused' ? 'repeated' : result;
      this.#options.effects.write({ heldOff: why, commandId: command.commandId, at: now });
      return this.#answer(command, verdict.answer, verdict.repeated);
    }
    const { manners, index } = this.#options;
    const answer: Answer = { result: 'accepted' };
    this.#book.answered(command, answer);
    const isLying = manners.kind === 'lies' && isRude(manners, index);
    if (!isLying) this.#do(command, now);
    this.#answer(command, answer, false);
    if (!isLying) this.report();
  }

  #do({ asset, point, commandId, notAfter, want }: FieldCommand, now: number): void {
    const value = 'value' in want ? Number(want.value) : undefined;
    this.#state =
      value === undefined ? { value: 0, cause: 'programme', commandId } : { value, cause: 'command', commandId };
    this.#options.effects.write({
      point: pointKey(asset, point),
      ...(value === undefined ? {} : { value }),
      at: now,
      commandId,
      notAfter: Date.parse(notAfter),
    });
  }

  #answer(command: FieldCommand, answer: Answer, repeated: boolean): void {
    const { commandId, asset, point, sequence } = command;
    this.#options.say('ack', { commandId, asset, point, sequence, at: toIso(Date.now()), ...answer, repeated });
  }
}
