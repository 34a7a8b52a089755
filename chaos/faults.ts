// What can be done to a town, and what must hold all the same.
import type { Rng } from '../examples/harbourton/simulator/models/random.ts';
import { HONEST, type Manners } from './device/manners.ts';
import type { Town } from './town/town.ts';
import { pauseMs } from './town/until.ts';

/** One kind of fault. */
export interface Fault {
  /** One line for the list of faults. */
  about: string;
  /** Strikes once, and puts back what a supervisor would put back. */
  strike(town: Town, rng: Rng): Promise<void>;
  manners?: Manners;
  /** The time from `sent` to the proof; default 10 s. */
  provenWithin?: string;
  isTraced?: boolean;
  hasProxies?: boolean;
  workerClockAheadMs?: number;
  /** The longest time from asking to the effect, in milliseconds; default: no matter. */
  longestDelayMs?: number;
}

/** How long a killed process stays away: what a supervisor takes to notice and start it again; milliseconds. */
const AWAY_MS = { least: 200, most: 1_500 };

const away = (rng: Rng): Promise<void> => pauseMs(AWAY_MS.least + rng() * (AWAY_MS.most - AWAY_MS.least));
const oneOf = <Kind>(all: readonly Kind[], rng: Rng): Kind[] => all.slice(Math.floor(rng() * all.length)).slice(0, 1);

const FAULTS_BY_NAME = {
  'worker-kill': {
    about: 'a worker is killed in the middle of its work and started again',
    longestDelayMs: 10_000,
    async strike(town, rng) {
      const [worker] = oneOf(town.workers, rng);
      await worker?.kill();
      await away(rng);
      worker?.start();
    },
  },
  'engine-kill': {
    about: 'the active engine is killed; the standby takes over',
    async strike(town, rng) {
      // Which of them is active is not asked: with two, every second kill hits it on average, and the standby's death must not matter.
      const [engine] = oneOf(town.engines, rng);
      await engine?.kill();
      await away(rng);
      engine?.start();
    },
  },
  'redis-kill': {
    about: 'Redis is killed and comes back with what it had written',
    async strike(town, rng) {
      await town.redis.kill();
      await away(rng);
      await town.redis.start();
    },
  },
  'all-kill': {
    about: 'every process of the box is killed at the same moment, Redis and the field bus included',
    async strike(town, rng) {
      await Promise.all([...town.roles.map((role) => role.kill()), town.redis.kill(), town.broker.kill()]);
      await away(rng);
      await Promise.all([town.redis.start(), town.broker.start()]);
      for (const role of town.roles) role.start();
    },
  },
} satisfies Record<string, Fault>;

/** The names of all faults. */
export type FaultName = keyof typeof FAULTS_BY_NAME;
/** All faults by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = FAULTS_BY_NAME;
/** A fault's devices, where it says nothing else. */
export const mannersOf = ({ manners = HONEST }: Fault): Manners => manners;
