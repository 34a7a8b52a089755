// One experiment: a town under load, a fault that strikes again and again, and the verdict when everything has settled.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { rngFor } from '../examples/harbourton/simulator/models/random.ts';
import { FAULTS, mannersOf, type Fault, type FaultName } from './faults.ts';
import { judge, type RecordedCommand, type Verdict, type Wish } from './judge.ts';
import { findLies, type LiesFound } from './lies.ts';
import { isRude } from './device/manners.ts';
import type { BrokerKind } from './town/broker.ts';
import { Load } from './town/load.ts';
import type { CommandWithSteps, Subject, TownOptions } from './town/subject.ts';
import { Town } from './town/town.ts';
import { PlainTown } from './plain/plain-town.ts';
import { indexOfPoint } from './town/assets.ts';
import { pauseMs } from './town/until.ts';

/** What is to be run. */
export interface ExperimentOptions {
  fault: FaultName;
  rounds: number;
  /** Wishes per second. */
  rate: number;
  seed: number;
  /** An empty folder for everything that the run writes. */
  folder: string;
  broker?: BrokerKind;
  /** Processes of each kind; default 2 engines, 2 workers. */
  engines?: number;
  workers?: number;
  /** A plain BullMQ queue instead of a box. */
  isPlain?: boolean;
  note: (text: string) => void;
}

/** What came of it. */
export interface Findings extends Verdict {
  /** Which field bus ran. */
  broker: BrokerKind;
  /** Commands that were issued for the wishes. */
  commands: number;
  /** Physical effects at the devices. */
  effects: number;
  /** Wishes that the box said not to take, and wishes whose answer was lost and that were asked again. */
  notTaken: number;
  repeatedWishes: number;
  /** Commands that reached a device and that it held off, by reason. */
  heldOff: Record<string, number>;
  /** The longest time from asking to the effect at devices that behave, in milliseconds. */
  longestHonestDelayMs: number;
  /** Where devices lie: how that was found. */
  lies?: LiesFound;
  /** What was wrong while the fault lasted, in words. */
  problems: string[];
}

/** The fault strikes somewhere in the first second of a round; then the town has the rest to recover. */
const STRIKE_WITHIN_MS = 1_000;
const RECOVERY_MS = 5_000;
/** After the load has ended, everything must have come to an end within this time. */
const SETTLE_MS = 45_000;
const LOOK_EVERY_MS = 500;
/** Everything has ended when it has been so for this long: a second effect may come later than the first end; milliseconds. */
const QUIET_MS = 3_000;
/** Lies must be found this long after their proof was due; milliseconds. */
const LIES_GRACE_MS = 1_000;
const PROVEN_WITHIN_MS = 10_000;

/** Runs it. Rejects when the town does not come up or does not come back. */
export async function runExperiment(options: ExperimentOptions): Promise<Findings> {
  const fault = FAULTS[options.fault];
  const rng = rngFor(options.seed, options.fault);
  const town = await build(options);
  const problems: string[] = [];
  try {
    const before = (await fault.before?.(town, options.rounds * options.rate)) ?? [];
    await town.startRoles();
    options.note(`the town runs, on ${town.broker.kind}`);
    const manners = mannersOf(fault);
    const load = new Load({
      asker: town.asker,
      rate: options.rate,
      rng: rngFor(options.seed, 'load'),
      restMs: (device) => (isRude(manners, device) ? (fault.restMs ?? 0) : 0),
    });
    load.start();
    for (let round = 1; round <= options.rounds; round += 1) {
      await pauseMs(rng() * STRIKE_WITHIN_MS);
      problems.push(...(await fault.strike(town, rng)));
      await town.untilReady();
      await pauseMs(RECOVERY_MS);
      options.note(`round ${round} of ${options.rounds}: ${load.accepted.length} accepted`);
    }
    await load.stop();
    return { ...(await settle(town, { load, before })), problems };
  } finally {
    await town.stop();
  }
}

function build(options: ExperimentOptions): Promise<Subject> {
  const { plainRedis = [] } = FAULTS[options.fault];
  return options.isPlain ? PlainTown.build(townOptions(options), plainRedis) : Town.build(townOptions(options));
}

function townOptions({ fault: name, folder, broker, engines = 2, workers = 2 }: ExperimentOptions): TownOptions {
  const fault = FAULTS[name];
  return {
    folder,
    ...(broker === undefined ? {} : { broker }),
    engines,
    workers,
    manners: mannersOf(fault),
    provenWithinMs: provenWithinMs(fault),
    isTraced: fault.isTraced ?? false,
    hasProxies: fault.hasProxies ?? false,
    workerClockAheadMs: fault.workerClockAheadMs ?? 0,
  };
}

/** Waits until every wish has come to an end, but no longer than `SETTLE_MS`: what is missing then is missing. */
async function settle(
  town: Subject,
  { load, before }: { load: Load; before: readonly Wish[] },
): Promise<Omit<Findings, 'problems'>> {
  const deadline = performance.now() + SETTLE_MS;
  const accepted = [...before, ...load.accepted];
  const { manners } = town.options;
  const isHonest = ({ point }: { point: string }) => !isRude(manners, indexOfPoint(point));
  const hasEnded = (command: RecordedCommand) => command.end !== undefined || !isHonest(command);
  let quietSince: number | undefined;
  for (;;) {
    const commands = await town.commands();
    const { effects, heldOff } = town.effects();
    const verdict = judge({ accepted, effects, commands });
    const isOver = verdict.lost === 0 && verdict.open === 0 && commands.every(hasEnded);
    if (isOver) quietSince ??= performance.now();
    else quietSince = undefined;
    const isQuiet = quietSince !== undefined && performance.now() - quietSince > QUIET_MS;
    if (isQuiet || performance.now() > deadline) {
      if (!isOver) await keepEvidence(town.options.folder, { accepted, commands });
      const honest = judge({ accepted: accepted.filter(isHonest), effects: effects.filter(isHonest), commands });
      return {
        ...verdict,
        broker: town.broker.kind,
        commands: commands.length,
        effects: effects.length,
        notTaken: load.refused,
        repeatedWishes: town.repeats,
        heldOff,
        longestHonestDelayMs: honest.longestDelayMs,
        ...(manners.kind === 'lies'
          ? {
              lies: liesIn(
                town,
                commands.filter((each) => !isHonest(each)),
              ),
            }
          : {}),
      };
    }
    await pauseMs(LOOK_EVERY_MS);
  }
}

const provenWithinMs = (fault: Fault): number => fault.provenWithinMs ?? PROVEN_WITHIN_MS;

const liesIn = ({ options }: Subject, commands: readonly CommandWithSteps[]): LiesFound =>
  findLies(commands, options.provenWithinMs + LIES_GRACE_MS);

/** For whoever looks into what went wrong. */
const keepEvidence = (folder: string, evidence: object): Promise<void> =>
  writeFile(join(folder, 'evidence.json'), JSON.stringify(evidence));
