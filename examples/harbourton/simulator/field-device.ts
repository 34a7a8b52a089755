// One device on the field bus: keeps the field contract for its points, whatever the hardware behind them is.
import type { Logger } from 'pino';
import type { Asset } from '../../../engine/model/asset.ts';
import type { Point } from '../../../engine/model/points.ts';
import { check } from '../../../engine/model/check.ts';
import { toIso, type Clock } from '../../../engine/model/clock.ts';
import { fieldCommandSchema, type FieldAddress, type FieldCommand } from '../../../engine/model/field.ts';
import { pointKey } from '../../../engine/model/names.ts';
import { describeProblems } from '../../../engine/model/result.ts';
import { OWN_PROGRAMME, type Behaviour, type BehaviourMaker, type DeviceContext, type Intent } from './behaviour.ts';
import { CommandBook, type Answer } from './command-book.ts';
import { afterDeathOf, refusalOfPoint } from './device-points.ts';
import type { EffectsLog } from './effects-log.ts';
import type { Fault, FaultBoard } from './faults.ts';
import { FieldBus } from './field-bus.ts';
import type { Rng } from './models/random.ts';
import { Outbox } from './outbox.ts';

/** At least this often an asset reports, twice in the 20 s that Harbourton's assets declare: one may be lost. */
const HEARTBEAT_MS = 8_000;
/** Heartbeats of one device's assets are spread over this time. */
const HEARTBEAT_SPREAD_MS = 2_000;
/** A line that is dead for this long is lost: what returns on link loss returns then. */
const LINK_LOST_MS = 4_000;
/** How late `ackLate` is: later than the 10 s in which proof is due. */
const LATE_MS = 15_000;

/** What a device is made of. */
export interface FieldDeviceOptions {
  url: string;
  address: FieldAddress;
  /** The assets it speaks for. */
  assets: readonly Asset[];
  clock: Clock;
  rng: Rng;
  faults: FaultBoard;
  effects: EffectsLog;
  log: Logger;
  behaviour: BehaviourMaker;
}

/** What a point was told, until when, and what ends it besides. */
interface Held {
  intent: Intent;
  untilMs: number;
  afterDeath: Point['afterDeath'];
}

/** A simulated device with its connection. */
export class FieldDevice {
  readonly address: FieldAddress;
  readonly #options: FieldDeviceOptions;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #behaviour: Behaviour;
  readonly #bus: FieldBus;
  readonly #outbox: Outbox;
  readonly #book = new CommandBook();
  readonly #commanded = new Map<string, Held>();
  readonly #hands = new Map<string, Intent>();
  readonly #changed = new Set<string>();
  readonly #reportedAt = new Map<string, number>();
  readonly #lateAnswers = new Set<() => void>();
  #elapsedMs = 0;

  constructor(options: FieldDeviceOptions) {
    this.#options = options;
    this.address = options.address;
    this.#assets = new Map(options.assets.map((asset) => [asset.id, asset]));
    this.#bus = new FieldBus({
      url: options.url,
      address: options.address,
      clock: options.clock,
      log: options.log,
      onUp: () => this.#behaviour.reporting.forEach((asset) => this.#changed.add(asset)),
      onCommand: (payload) => this.#receive(payload),
    });
    this.#outbox = new Outbox({
      send: (channel, message) => this.#bus.send(channel, message),
      has: (fault, asset) => this.#has(fault, asset),
      idPrefix: `${options.address.device}-${options.clock.now().toString(36)}`,
    });
    this.#behaviour = options.behaviour(this.#context());
  }

  /** Connects. Safe to call twice. */
  start(): void {
    this.#bus.start();
  }

  /** Says offline and ends. Safe to call twice. */
  async stop(): Promise<void> {
    for (const cancel of this.#lateAnswers) cancel();
    this.#lateAnswers.clear();
    await this.#bus.stop();
  }

  /** Lives on for `dtMs` (0 or more), at `elapsedMs` of the town's time. */
  step(elapsedMs: number, dtMs: number): void {
    this.#elapsedMs = elapsedMs;
    this.#endLeases();
    this.#behaviour.step(elapsedMs, dtMs);
    this.#report();
  }

  #context(): DeviceContext {
    const { clock, effects, rng } = this.#options;
    return {
      rng,
      has: (fault, asset) => this.#has(fault, asset),
      intentOf: (asset, point) => this.#intentOf(asset, point),
      finished: (asset, point) => {
        this.#commanded.delete(pointKey(asset, point));
      },
      effect: (asset, point, value, intent) =>
        effects.write({
          at: toIso(clock.now()),
          device: this.address.device,
          asset,
          point,
          value,
          cause: intent.by,
          ...(intent.commandId === undefined ? {} : { commandId: intent.commandId }),
        }),
      changed: (asset) => {
        this.#changed.add(asset);
      },
      observe: (observation) => this.#outbox.telemetry(observation, clock.now()),
    };
  }

  #has(fault: Fault, asset?: string): boolean {
    return this.#options.faults.has(fault, this.address.device, asset);
  }

  #intentOf(asset: string, point: string): Intent {
    const key = pointKey(asset, point);
    if (!this.#has('handAtCabinet', asset)) {
      this.#hands.delete(key);
      return this.#commanded.get(key)?.intent ?? OWN_PROGRAMME;
    }
    // The hand ends what was commanded: when it leaves, the device's own programme goes on.
    this.#commanded.delete(key);
    const hand = this.#hands.get(key) ?? { by: 'local', value: this.#behaviour.handValue(asset, point), rampMs: 0 };
    this.#hands.set(key, hand);
    return hand;
  }

  /** Each point as it declares: some know leases, some only that the line is dead, some hold on for ever. */
  #endLeases(): void {
    const now = this.#options.clock.now();
    const isLinkLost = now - (this.#bus.downSince ?? now) >= LINK_LOST_MS;
    const isOver: Record<Point['afterDeath'], (untilMs: number) => boolean> = {
      'returns at lease': (untilMs) => untilMs <= now,
      'returns on link loss': () => isLinkLost,
      stays: () => false,
    };
    for (const [key, { untilMs, afterDeath }] of this.#commanded)
      if (isOver[afterDeath](untilMs)) this.#commanded.delete(key);
  }

  #report(): void {
    const now = this.#options.clock.now();
    this.#behaviour.reporting.forEach((asset, index, all) => {
      const spreadMs = (HEARTBEAT_SPREAD_MS * index) / all.length;
      const due = now - (this.#reportedAt.get(asset) ?? 0) >= HEARTBEAT_MS + spreadMs;
      if (!due && !this.#changed.has(asset)) return;
      this.#reportedAt.set(asset, now);
      this.#outbox.report(asset, this.#behaviour.stateOf(asset), now);
    });
    this.#changed.clear();
  }

  #receive(payload: Buffer): void {
    const command = parseCommand(payload);
    if (typeof command === 'string') {
      this.#options.log.warn({ device: this.address.device, found: command }, 'not a command');
      return;
    }
    const verdict = this.#book.judge(command, this.#options.clock.now());
    if (verdict.do === 'answer') return this.#answer(command, verdict.answer, verdict.repeated);
    const answer = this.#apply(command);
    this.#book.answered(command, answer);
    this.#answer(command, answer, false);
    // What was asked happens now, not with the next step.
    this.step(this.#elapsedMs, 0);
  }

  #apply(command: FieldCommand): Answer {
    const { asset, point, want } = command;
    if (this.#has('ackFalse', asset)) return { result: 'accepted' };
    const value = 'value' in want ? want.value : undefined;
    const refusal =
      refusalOfPoint(this.#assets.get(asset), point, value) ??
      (this.#has('handAtCabinet', asset) ? 'somebody works it by hand at the cabinet' : undefined) ??
      this.#behaviour.refusalOf(asset, point, value);
    if (refusal !== undefined) return { result: 'refused', reason: refusal };
    const key = pointKey(asset, point);
    if (!('value' in want)) this.#commanded.delete(key);
    else
      this.#commanded.set(key, {
        intent: { by: 'command', value: want.value, rampMs: want.rampSeconds * 1_000, commandId: command.commandId },
        untilMs: command.lease ? Date.parse(command.lease.until) : Infinity,
        afterDeath: afterDeathOf(this.#assets.get(asset), point),
      });
    // Even where the value stays, the answer to "who holds it" is new.
    this.#changed.add(asset);
    return { result: 'accepted' };
  }

  #answer(command: FieldCommand, answer: Answer, repeated: boolean): void {
    const { asset, point, commandId, sequence } = command;
    if (this.#has('ackMissing', asset)) return;
    const { clock } = this.#options;
    const say = () =>
      this.#outbox.ack(asset, { commandId, asset, point, sequence, at: toIso(clock.now()), ...answer, repeated });
    if (!this.#has('ackLate', asset)) return say();
    const cancel = clock.after(LATE_MS, () => {
      this.#lateAnswers.delete(cancel);
      say();
    });
    this.#lateAnswers.add(cancel);
  }
}

/** The command, or the problem in words. */
function parseCommand(payload: Buffer): FieldCommand | string {
  try {
    const checked = check(fieldCommandSchema, JSON.parse(payload.toString()));
    return checked.ok ? checked.value : describeProblems(checked.problems);
  } catch (error) {
    return error instanceof Error ? error.message : 'not JSON';
  }
}
