// Everything the engine knows, as tables. Whatever is not here is derived from it and rebuilt on start.
import type { Asset } from '../model/asset.ts';
import type { Calendar } from '../model/calendar.ts';
import type { Claim } from '../model/claim.ts';
import type { Arbitration, CommandRecord, CommandEnd } from '../model/command.ts';
import type { Confirmation } from '../model/confirmation.ts';
import type { DutyList } from '../model/duty.ts';
import type { Interlock } from '../model/interlock.ts';
import type { Order } from '../model/one-shot.ts';
import type { NamedCondition, RuleDocument } from '../model/rule.ts';
import type { MissedRun } from '../model/schedule-run.ts';
import type { Restraint } from '../model/restraint.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Value } from '../model/value.ts';
import { ActivationTable } from './activation-table.ts';
import { AlarmTable } from './alarm-table.ts';
import { FactTable } from './fact-table.ts';
import type { Told } from './notices.ts';
import { PointTable } from './point-table.ts';
import { Table, type ChangedRows, type CheckpointChange } from './tables.ts';

/** A document in force, or the memory of one that was removed. */
export interface Versioned<Body> {
  version: number;
  body: Body | null;
}

/** What a device last said of a point. */
export interface ReportedPoint {
  value: Value;
  cause: string;
  /** When the device saw it, milliseconds since the epoch. */
  at: number;
  commandId?: string | undefined;
}

/** One point, from the engine's side. */
export interface PointState {
  /** The newest sequence that was issued; 0 before the first. */
  sequence: number;
  reported?: ReportedPoint;
  /** The value that the device's own programme gave it last. */
  programme?: Value;
  arbitration: Arbitration;
  /** The newest command. */
  commandId?: string;
  /** What the newest command for the present want asked, and until when the device keeps it. */
  asked?: { want: Arbitration['want']; leaseUntil?: number };
  /** True while the device may still be doing what we told it. */
  held: boolean;
  /** How many commands for the present want have ended without success, and how the last one did. */
  tries: number;
  lastEnd?: CommandEnd;
  /** Not tried again before this instant, milliseconds since the epoch. */
  retryAt?: number;
  /** Invariants that are tripped, by interlock: since when, milliseconds since the epoch, and why in words. */
  tripped?: Readonly<Record<string, { since: number; why: string }>>;
  /** When what was sent changed its value, the oldest first; only where the point has a wear budget. */
  changes?: readonly number[];
  /** The newest command that is counted among the changes, and when: until it is sent, that of its issue. */
  counted?: { commandId: string; at: number };
  /** The last word of the wire, whose own budget was used up: nothing but a stop before then, milliseconds since the epoch. */
  heldBack?: { until: number; why: string };
  /** What was sent last, whatever is wanted since. */
  lastAsked?: Arbitration['want'];
  /** The wear budget is used up: since when and until when what is wanted waits, milliseconds since the epoch, and why. */
  waits?: { since: number; until: number; why: string };
}

/** A point that nobody has asked anything of. */
export const idlePoint = (): PointState => ({
  sequence: 0,
  arbitration: { want: { release: true }, bounds: [], losers: [] },
  held: false,
  tries: 0,
});

/** A command under way, and when it is over by itself. */
export interface CommandState {
  record: CommandRecord;
  /** Milliseconds since the epoch. */
  deadline: number;
}

/** What a checkpoint needs of a table. */
interface CheckpointedTable {
  readonly name: string;
  restore(key: string, row: unknown): void;
  takeChanged(): ChangedRows;
}

/** On which readings the conditions of a rule with `times` were true for an asset, the oldest first. */
export interface Sightings {
  /** The rule's version: another one begins anew. */
  version: number;
  seen: [observedAt: number, readingId: string][];
}

/** What rules did to a point, or that a rule turned which others read; and when, milliseconds since the epoch. */
export interface Effect {
  /** The command's; of a turn, an id of its own. */
  commandId: string;
  at: number;
  /** The rule that asked, then those whose effects had led to it. */
  rules: string[];
  /** Of an activation that other rules read: the how-manieth change at this instant. */
  turns?: number;
}

/** A rule that misbehaved, by the version that did. */
export interface Parked {
  version: number;
  why: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** The log entry that began it. */
  entry: string;
}

/** A rule that a person keeps back. */
export interface Pause {
  by: string;
  why: string;
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
  /** The log entry that began it. */
  entry: string;
}

/** What a schedule is about, of one slice of its targets; of an event, since when it waits and until when. */
export interface Plan {
  version: number;
  /** When what is wanted began, or from when on events are due; milliseconds since the epoch, as the others. */
  since: number;
  /** When it is looked at again: the next change, or time to renew. */
  dueAt: number;
  /** Absent while nothing is wanted, and for events. */
  want?: { value: Value; rampSeconds: number; leaseUntil: number };
}

/** All tables. */
export class State {
  readonly assets = new Table<Versioned<Asset>>('asset');
  readonly rules = new Table<Versioned<RuleDocument>>('rule');
  readonly conditions = new Table<Versioned<NamedCondition>>('condition');
  readonly interlocks = new Table<Versioned<Interlock>>('interlock');
  readonly calendars = new Table<Versioned<Calendar>>('calendar');
  readonly schedules = new Table<Versioned<Schedule>>('schedule');
  readonly restraints = new Table<Versioned<Restraint>>('restraint');
  /** By `<schedule>|<slice>`. */
  readonly plans = new Table<Plan>('plan');
  /** What each schedule missed, by schedule, the newest first. */
  readonly missed = new Table<{ runs: readonly MissedRun[] }>('missed');
  readonly facts = new FactTable();
  /** By `<rule>|<asset>|<related>`. */
  readonly activations = new ActivationTable('activation');
  /** By `<rule>|<asset>|<related>`; only of rules with `times`, while they are idle. */
  readonly sightings = new Table<Sightings>('sighting');
  /** Open ones, by `<asset>|<kind>`. */
  readonly orders = new Table<Order>('order');
  /** When one-shot actions took place: by instance the last time, by rule document those of the last hour. */
  readonly rounds = new Table<{ at: number[] }>('round');
  /** Rules that misbehaved, by document. */
  readonly parked = new Table<Parked>('parked');
  /** Rules that a person keeps back, by document. */
  readonly pauses = new Table<Pause>('pause');
  /** By point: the newest command that rules brought about, with those rules. */
  readonly effects = new Table<Effect>('effect');
  /** Starts of the last minute through a rule's own effect, by document. */
  readonly loops = new Table<{ starts: { at: number; commandId: string }[] }>('loop');
  readonly claims = new Table<Claim>('claim');
  /** Wishes that wait for a second person, by the id of the claim that they would be. */
  readonly confirmations = new Table<Confirmation>('confirmation');
  /** By `<asset>#<point>`. */
  readonly points = new PointTable('point');
  /** Only those that have not ended. */
  readonly commands = new Table<CommandState>('command');
  /** Open ones, by `<kind>|<subject>`. */
  readonly alarms = new AlarmTable('alarm');
  readonly duties = new Table<Versioned<DutyList>>('duty');
  /** By duty list: when its last notice was given, and when the next one is due; milliseconds since the epoch. */
  readonly notices = new Table<{ lastAt?: number; dueAt?: number }>('notice');
  /** By `<duty list>|<kind>|<subject>`: what the list knows of an alarm. */
  readonly told = new Table<Told>('told');
  /** Devices that have said whether they are there, by `<department>/<device>`. */
  readonly devices = new Table<{ online: boolean; at: number }>('device');

  readonly #tables: CheckpointedTable[] = [
    this.assets,
    this.rules,
    this.conditions,
    this.interlocks,
    this.calendars,
    this.schedules,
    this.restraints,
    this.plans,
    this.missed,
    this.facts,
    this.activations,
    this.sightings,
    this.orders,
    this.rounds,
    this.parked,
    this.pauses,
    this.effects,
    this.loops,
    this.claims,
    this.confirmations,
    this.points,
    this.commands,
    this.devices,
    this.alarms,
    this.duties,
    this.notices,
    this.told,
  ];

  /** The last log entry that this state includes. */
  lastId = '0-0';

  /** Puts a checkpoint back. Cells of unknown tables are ignored: they belong to a newer program's features. */
  restore(lastId: string, cells: ReadonlyMap<string, string | object>): void {
    this.lastId = lastId;
    const byName = new Map(this.#tables.map((table) => [table.name, table]));
    for (const [cell, row] of cells) {
      const colon = cell.indexOf(':');
      byName.get(cell.slice(0, colon))?.restore(cell.slice(colon + 1), typeof row === 'string' ? JSON.parse(row) : row);
    }
  }

  /** Documents in force, by kind and id. */
  versions(): Map<string, number> {
    const versions = new Map<string, number>();
    for (const table of [
      this.assets,
      this.rules,
      this.conditions,
      this.interlocks,
      this.calendars,
      this.duties,
      this.schedules,
      this.restraints,
    ])
      for (const [id, { version }] of table.entries()) versions.set(`${table.name} ${id}`, version);
    return versions;
  }

  /** What changed since the last call. */
  drain(): CheckpointChange {
    const tables = this.#tables.map((table) => table.takeChanged());
    return { lastId: this.lastId, tables: tables.filter(({ size }) => size > 0) };
  }
}
