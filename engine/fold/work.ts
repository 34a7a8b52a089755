// What the parts of the fold share while one log entry is worked through.
import { InterlockIndex } from '../control/interlocks.ts';
import { RestraintIndex } from '../control/restraints.ts';
import { Directory } from '../facts/directory.ts';
import { kindOfDay } from '../facts/holidays.ts';
import { pointsOf } from '../model/asset.ts';
import type { Claim } from '../model/claim.ts';
import type { CommandEnd } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import { splitPointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import type { CityTime } from '../model/rule-timing.ts';
import { Calendars } from '../schedules/calendars.ts';
import { BEFORE_ALL, sortableId } from './log-id.ts';
import type { Output } from './ports.ts';
import { ScheduleIndex } from './schedule-index.ts';
import { State } from './state.ts';
import { Timers } from './timers.ts';

/** What a city may choose; lengths in milliseconds. */
export interface FoldSettings {
  /** How long a rule's claim holds without being renewed; it is renewed at half of it. Default 10 min. */
  leaseMs: number;
  /** How long a hand at the cabinet keeps a point. Default 30 min. */
  localHandMs: number;
  /** Wait before a command that failed is tried again; doubles each time. Default 5 s. */
  retryMs: number;
  /** How many quick tries a want gets after its first command failed. Default 3. */
  furtherTries: number;
  /** Wait between the tries after those, as long as the want stands. Default 5 min. */
  slowRetryMs: number;
  /** How much older than the newest of its property a reading may be, where its asset does not say; three reports if that is longer. Default 5 min. */
  latenessMs: number;
  /** The city's own time zone: times of day in rules are meant in it unless they name another. Default UTC. */
  timeZone: string;
  /** The region whose public holidays the city keeps: `FI`, `DE-BY`. Default none. */
  holidays?: string;
}

/** The settings of a real city. */
export const DEFAULT_FOLD_SETTINGS: FoldSettings = {
  leaseMs: 10 * 60_000,
  localHandMs: 30 * 60_000,
  retryMs: 5_000,
  furtherTries: 3,
  slowRetryMs: 5 * 60_000,
  latenessMs: 5 * 60_000,
  timeZone: 'UTC',
};

/** How many commands were issued, and how many have ended in each way. */
export type CommandCounts = Record<'issued' | CommandEnd, number>;

/** The engine's state with what derives from it, and the entry at hand. */
export class Work {
  readonly state = new State();
  readonly directory = new Directory();
  readonly timers = new Timers();
  /** Interlocks in force, derived from their table. */
  readonly interlocks = new InterlockIndex();
  /** Restraints that stand, derived from their table. */
  readonly restraints = new RestraintIndex();
  readonly settings: FoldSettings;
  /** Calendars in force, derived from their table. */
  readonly calendars: Calendars;
  /** Schedules by the type of their targets, derived from their table. */
  readonly schedules = new ScheduleIndex();
  /** The clocks and the calendar of `settings`; another object whenever calendars have changed. */
  city: CityTime;
  /** Claims by point, derived from the claims table. */
  readonly claimsOf = new Map<string, Set<string>>();
  readonly #claimsBy = new Map<string, Set<string>>();
  /** Points to be arbitrated and rule instances to be evaluated before the entry is done. */
  readonly dirtyPoints = new Set<string>();
  readonly dirtyInstances = new Set<string>();
  /** Points that were settled within the entry: alarms may begin or end with them. */
  readonly settledPoints = new Set<string>();
  /** The log's time of the entry at hand, or of the timer that fires within it; milliseconds since the epoch. */
  now = 0;
  /** The log's time of the entry at hand, also while timers fire that came due before it. */
  entryAt = 0;
  #entryId = BEFORE_ALL;
  /** How many decisions the entry at hand has made about each instance. */
  readonly #decided = new Map<string, number>();
  /** The epoch under which commands are issued. */
  epoch = 0;
  /** Commands by what became of them since the start: issued = ended + in flight. */
  readonly commands: CommandCounts = {
    issued: 0,
    verified: 0,
    refused: 0,
    superseded: 0,
    expired: 0,
    unverified: 0,
    failed: 0,
  };
  #outputs: Output[] = [];

  constructor(settings: Partial<FoldSettings> = {}) {
    this.settings = { ...DEFAULT_FOLD_SETTINGS, ...settings };
    const { timeZone, holidays } = this.settings;
    this.calendars = new Calendars(timeZone);
    this.city = { timeZone, kindOfDay: (date) => kindOfDay(holidays, date), inCalendar: this.calendars.includes };
  }

  /** The entry at hand. */
  get entryId(): string {
    return this.#entryId;
  }

  /** Begins with the next entry. */
  begin(entryId: string): void {
    this.#entryId = entryId;
    this.#decided.clear();
  }

  /**
   * The id of the next decision about an instance. An entry may bring about several, also at one instant; as texts
   * the ids of one instance stand in the order of its decisions.
   *
   * @param key `<rule>|<asset>|<related>`
   */
  nextDecisionId(key: string, { ruleVersion, kind }: Pick<Decision, 'ruleVersion' | 'kind'>): string {
    const nth = (this.#decided.get(key) ?? 0) + 1;
    this.#decided.set(key, nth);
    return `${key}|${sortableId(this.#entryId)}|${String(nth).padStart(6, '0')}|v${ruleVersion}|${kind}`;
  }

  /** Notes something to be done. */
  emit(output: Output): void {
    this.#outputs.push(output);
  }

  /** Hands over what was noted since the last call. */
  takeOutputs(): Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Adds or replaces a claim. */
  putClaim(claim: Claim): void {
    this.state.claims.set(claim.id, claim);
    this.indexClaim(claim);
    this.dirtyPoints.add(claim.point);
  }

  /** Ends a claim; unknown ids are fine. */
  dropClaim(id: string): void {
    const claim = this.state.claims.get(id);
    if (!claim) return;
    this.state.claims.delete(id);
    this.claimsOf.get(claim.point)?.delete(id);
    this.#claimsBy.get(makerOf(id))?.delete(id);
    this.timers.set(`claim:${id}`, undefined);
    this.dirtyPoints.add(claim.point);
  }

  /** Makes a claim findable by its point and sets its timer; also on start, for claims from the checkpoint. */
  indexClaim(claim: Claim): void {
    const ids = this.claimsOf.get(claim.point) ?? new Set();
    this.claimsOf.set(claim.point, ids.add(claim.id));
    const maker = makerOf(claim.id);
    this.#claimsBy.set(maker, (this.#claimsBy.get(maker) ?? new Set()).add(claim.id));
    this.timers.set(`claim:${claim.id}`, claim.leaseUntil);
  }

  /** The live claims of a point. */
  claimsAt(point: string): Claim[] {
    return [...(this.claimsOf.get(point) ?? [])].flatMap((id) => this.state.claims.get(id) ?? []);
  }

  /** The live claims of one maker: an activation's key. */
  claimsMadeBy(maker: string): Claim[] {
    return [...(this.#claimsBy.get(maker) ?? [])].flatMap((id) => this.state.claims.get(id) ?? []);
  }

  /** A point's declaration, if its asset exists and has it. */
  declarationOf(point: string): Point | undefined {
    const { asset, point: name } = splitPointKey(point);
    const known = this.directory.get(asset);
    return known && pointsOf(known)[name];
  }
}

/** Who made a claim: what stands before the `#` in its id. */
export const makerOf = (claimId: string): string => claimId.slice(0, claimId.indexOf('#'));
