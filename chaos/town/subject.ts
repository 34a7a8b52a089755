// What an experiment needs of whatever is broken: a whole box, or a plain queue for comparison.
import type { CommandStep } from '../../engine/model/command.ts';
import type { Manners } from '../device/manners.ts';
import type { Effect, RecordedCommand, Wish } from '../judge.ts';
import type { BrokerKind, TownBroker } from './broker.ts';
import type { Asker } from './load.ts';
import type { Program } from './programs.ts';
import type { Proxy } from './proxy.ts';
import type { TownRedis } from './redis.ts';

/** How a town is built. */
export interface TownOptions {
  /** Holds everything of the run. */
  folder: string;
  /** Default: mosquitto if this machine has it. */
  broker?: BrokerKind;
  engines: number;
  workers: number;
  manners: Manners;
  /** The time from `sent` to the proof, in milliseconds. */
  provenWithinMs: number;
  /** Redis under strace. */
  isTraced: boolean;
  /** Lines before every server, so that replies can be lost. */
  hasProxies: boolean;
  /** How far ahead the first worker's clock is, in milliseconds. */
  workerClockAheadMs: number;
}

/** A command with the steps of its way. */
export type CommandWithSteps = RecordedCommand & { steps: readonly Pick<CommandStep, 'state' | 'at'>[] };

/** Something under load that can be broken. */
export interface Subject {
  readonly options: TownOptions;
  readonly redis: TownRedis;
  readonly broker: TownBroker;
  /** Empty where there is none. */
  readonly engines: readonly Program[];
  readonly workers: readonly Program[];
  /** Every process of the subject itself, without Redis and the field bus. */
  readonly roles: readonly Program[];
  /** Before Redis, the field bus and the gateway; empty unless they are to be cut. */
  readonly proxies: readonly Proxy[];
  /** Takes the load's wishes. */
  readonly asker: Asker;
  /** How often a wish was asked again because its answer did not come. */
  readonly repeats: number;
  /** Starts what does not run, and resolves when a wish can be asked. */
  startRoles(): Promise<void>;
  /** Resolves when nothing is missing. */
  untilReady(): Promise<void>;
  /** What the devices did, in order. */
  effects(): { effects: Effect[]; heldOff: Record<string, number> };
  /** What was recorded of the commands. */
  commands(): Promise<CommandWithSteps[]>;
  /** Asks by hand, where there is an API; resolves with what was wrong while Redis is away, in words. */
  askWithoutRedis(): Promise<string[]>;
  /** Lets Redis's memory run full and empties it again. Resolves with what was wrong meanwhile, in words. */
  fillMemory(): Promise<string[]>;
  /** Before the start: so many wishes that came `ageMs` milliseconds ago and still wait. */
  plantBacklog(wishes: number, ageMs: number): Promise<Wish[]>;
  /** Ends everything; the folder stays. */
  stop(): Promise<void>;
}
