// What can be done to a town, and what must hold all the same.
import type { Rng } from '../examples/harbourton/simulator/models/random.ts';
import { HONEST, type Manners } from './device/manners.ts';
import type { Subject } from './town/subject.ts';
import { pauseMs } from './town/until.ts';
import type { Wish } from './judge.ts';

/** One kind of fault. */
export interface Fault {
  /** One line for the list of faults. */
  about: string;
  /** Strikes once, and puts back what a supervisor would put back. Resolves with what was wrong meanwhile, in words. */
  strike(town: Subject, rng: Rng): Promise<string[]>;
  /** Done before the start; resolves with what was asked long ago. */
  before?: (town: Subject, wishes: number) => Promise<Wish[]>;
  manners?: Manners;
  /** The time from `sent` to the proof, in milliseconds; default 10,000. */
  provenWithinMs?: number;
  /** How long devices that misbehave are left alone between two wishes, in milliseconds; default 0. */
  restMs?: number;
  /** Redis runs under strace. */
  isTraced?: boolean;
  /** Lines that can be cut stand before every server. */
  hasProxies?: boolean;
  /** The first worker's clock. */
  workerClockAheadMs?: number;
  /** What the Redis of a plain queue is set to besides: its built-in settings where durability is the question. */
  plainRedis?: readonly string[];
  /** The longest time from asking to the effect at devices that behave, in milliseconds; default: no matter. */
  longestDelayMs?: number;
}

/** How long a killed process stays away: what a supervisor takes to notice and start it again; milliseconds. */
const AWAY_MS = { least: 200, most: 1_500 };
/** A worker's lock on its job lasts 3 s; it is frozen for longer. */
const FREEZE_MS = { least: 3_500, most: 8_000 };
const CUTS = { perStrike: 5, leastMs: 20, mostMs: 300 };
const HOUR_MS = 3_600_000;
const PROOF_OF_LIES_MS = 3_000;
const SLOW_MS = 4_000;

const between = ({ least, most }: { least: number; most: number }, rng: Rng): number => least + rng() * (most - least);
const away = (rng: Rng): Promise<void> => pauseMs(between(AWAY_MS, rng));
const oneOf = <Kind>(all: readonly Kind[], rng: Rng): Kind[] => all.slice(Math.floor(rng() * all.length)).slice(0, 1);
/** The fault is there all the time. */
const nothing = (): Promise<string[]> => Promise.resolve([]);

const FAULTS_BY_NAME = {
  'worker-kill': {
    about: 'a worker is killed in the middle of its work and started again',
    longestDelayMs: 10_000,
    async strike(town, rng) {
      const [worker] = oneOf(town.workers, rng);
      await worker?.kill();
      await away(rng);
      worker?.start();
      return [];
    },
  },
  'engine-kill': {
    about: 'an engine is killed, active or standing by, and started again',
    async strike(town, rng) {
      const [engine] = oneOf(town.engines, rng);
      await engine?.kill();
      await away(rng);
      engine?.start();
      return [];
    },
  },
  'redis-kill': {
    plainRedis: ['appendonly no', 'save 3600 1 300 100 60 10000'],
    about: 'Redis is killed and comes back with what it had written; meanwhile the API must say so within 2 s',
    async strike(town, rng) {
      await town.redis.kill();
      const problems = await town.askWithoutRedis();
      await away(rng);
      await town.redis.start();
      return problems;
    },
  },
  'power-cut': {
    about: 'Redis loses its power: everything is gone that no sync had brought to the disk',
    isTraced: true,
    plainRedis: ['appendfsync everysec'],
    async strike(town, rng) {
      await town.redis.cutPower();
      await away(rng);
      await town.redis.start();
      return [];
    },
  },
  'link-cut': {
    about: 'requests are delivered and replies lost, on the way to Redis, to the field bus or to the gateway',
    hasProxies: true,
    async strike(town, rng) {
      for (let cut = 0; cut < CUTS.perStrike; cut += 1) {
        const [line] = oneOf(town.proxies, rng);
        await line?.loseReplies(between({ least: CUTS.leastMs, most: CUTS.mostMs }, rng));
        await away(rng);
      }
      return [];
    },
  },
  'worker-freeze': {
    about: 'a worker is stopped for longer than its lock holds, and then goes on as if nothing had been',
    async strike(town, rng) {
      const [worker] = oneOf(town.workers, rng);
      worker?.signal('SIGSTOP');
      await pauseMs(between(FREEZE_MS, rng));
      worker?.signal('SIGCONT');
      return [];
    },
  },
  'clock-skew': {
    about: 'one worker’s clock is an hour ahead, while the field bus goes and comes so that commands are tried again',
    workerClockAheadMs: HOUR_MS,
    async strike(town, rng) {
      await town.broker.kill();
      await away(rng);
      await town.broker.start();
      return [];
    },
  },
  backlog: {
    about: 'the box comes back after two hours with everything that was asked before still waiting',
    before: (town, wishes) => town.plantBacklog(wishes, 2 * HOUR_MS),
    strike: nothing,
  },
  'all-kill': {
    about: 'every process of the box is killed at the same moment, Redis and the field bus included',
    async strike(town, rng) {
      await Promise.all([...town.roles.map((role) => role.kill()), town.redis.kill(), town.broker.kill()]);
      await away(rng);
      await Promise.all([town.redis.start(), town.broker.start()]);
      for (const role of town.roles) role.start();
      return [];
    },
  },
  'redis-full': {
    about: 'Redis’s memory runs full: readings are refused, commands pass',
    strike: (town) => town.fillMemory(),
  },
  'device-lies': {
    about: 'every tenth device says "accepted" and does nothing',
    manners: { kind: 'lies', every: 10, slowMs: 0 },
    provenWithinMs: PROOF_OF_LIES_MS,
    restMs: PROOF_OF_LIES_MS + 2_000,
    strike: nothing,
  },
  'device-slow': {
    about: 'every tenth device takes 4 s for each command',
    manners: { kind: 'slow', every: 10, slowMs: SLOW_MS },
    restMs: SLOW_MS + 1_000,
    longestDelayMs: 2_000,
    strike: nothing,
  },
} satisfies Record<string, Fault>;

/** The names of all faults. */
export type FaultName = keyof typeof FAULTS_BY_NAME;
/** All faults by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = FAULTS_BY_NAME;
/** A fault's devices, where it says nothing else. */
export const mannersOf = ({ manners = HONEST }: Fault): Manners => manners;
