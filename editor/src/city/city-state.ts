// The city as a page knows it: a snapshot and the events that keep it true, as a pure reducer.
import type { Alarm } from '../../../engine/model/alarm.ts';
import type { CommandRecord, CommandState } from '../../../engine/model/command.ts';
import type { Confirmation } from '../../../engine/model/confirmation.ts';
import type { Decision } from '../../../engine/model/decision.ts';
import type { Restraint } from '../../../engine/model/restraint.ts';
import type {
  ActivationView,
  AssetView,
  CitySnapshot,
  FactView,
  LiveEvent,
  PointView,
} from '../../../engine/model/live.ts';

/** The most decisions a page keeps; older ones are read from the record. */
export const DECISIONS_KEPT = 100;
/** The most commands a page keeps besides those that a point names as its newest. */
export const COMMANDS_KEPT = 200;

/** Everything a page shows. Tables that did not change keep their identity, so that views can skip drawing. */
export interface CityState {
  assets: ReadonlyMap<string, AssetView>;
  /** Asset id → property → fact. */
  facts: ReadonlyMap<string, ReadonlyMap<string, FactView>>;
  /** By point key. */
  points: ReadonlyMap<string, PointView>;
  /** By activation key. */
  activations: ReadonlyMap<string, ActivationView>;
  /** Newest first. */
  decisions: readonly Decision[];
  /** By command id. */
  commands: ReadonlyMap<string, CommandRecord>;
  /** Wishes that wait for a second person, by id. */
  confirmations: ReadonlyMap<string, Confirmation>;
  /** Stand-downs and what is out of service, by id. */
  restraints: ReadonlyMap<string, Restraint>;
  /** Those that are open, by their names. */
  alarms: ReadonlyMap<string, Alarm>;
}

/** A city of which nothing is known yet. */
export const EMPTY_CITY: CityState = {
  assets: new Map(),
  facts: new Map(),
  points: new Map(),
  activations: new Map(),
  decisions: [],
  commands: new Map(),
  confirmations: new Map(),
  restraints: new Map(),
  alarms: new Map(),
};

/** The state that a snapshot describes; whatever was known before is replaced. */
export function fromSnapshot(snapshot: CitySnapshot): CityState {
  const facts = new Map<string, Map<string, FactView>>();
  for (const fact of snapshot.facts) {
    const own = facts.get(fact.asset) ?? new Map<string, FactView>();
    facts.set(fact.asset, own.set(fact.property, fact));
  }
  return {
    assets: new Map(snapshot.assets.map((asset) => [asset.id, asset])),
    facts,
    points: new Map(snapshot.points.map((point) => [point.point, point])),
    activations: new Map(snapshot.activations.map((activation) => [activation.key, activation])),
    decisions: snapshot.decisions.toSorted(newestDecisionFirst).slice(0, DECISIONS_KEPT),
    commands: new Map(snapshot.commands.map((record) => [record.command.commandId, record])),
    confirmations: new Map(snapshot.confirmations?.map((one) => [one.id, one])),
    restraints: new Map((snapshot.restraints ?? []).map((one) => [one.id, one])),
    alarms: new Map((snapshot.alarms ?? []).map((alarm) => [alarm.alarmId, alarm])),
  };
}

/** The state after a batch of events, in their order. An unchanged state keeps its identity. */
export function applyEvents(state: CityState, events: readonly LiveEvent[]): CityState {
  const draft = new Draft(state);
  for (const event of events) draft.apply(event);
  return draft.finish();
}

/** Commands, the newest first. */
export const commandsNewestFirst = (commands: ReadonlyMap<string, CommandRecord>): CommandRecord[] =>
  [...commands.values()].toSorted(
    (left, right) => right.command.issuedAt - left.command.issuedAt || right.command.sequence - left.command.sequence,
  );

/** Where a command stands now. */
export const stateOf = (record: CommandRecord): CommandState => record.steps.at(-1)?.state ?? 'queued';

const newestDecisionFirst = (left: Decision, right: Decision): number => right.at - left.at;

/** One batch's changes: each table is copied at most once, when its first change comes. */
class Draft {
  readonly #before: CityState;
  #assets: Map<string, AssetView> | undefined;
  #facts: Map<string, ReadonlyMap<string, FactView>> | undefined;
  #points: Map<string, PointView> | undefined;
  #activations: Map<string, ActivationView> | undefined;
  #decisions: Decision[] | undefined;
  #commands: Map<string, CommandRecord> | undefined;
  #confirmations: Map<string, Confirmation> | undefined;
  #restraints: Map<string, Restraint> | undefined;
  #alarms: Map<string, Alarm> | undefined;

  constructor(before: CityState) {
    this.#before = before;
  }

  apply(event: LiveEvent): void {
    switch (event.event) {
      case 'asset':
        (this.#assets ??= new Map(this.#before.assets)).set(event.data.id, event.data);
        return;
      case 'fact':
        this.#fact(event.data);
        return;
      case 'point':
        (this.#points ??= new Map(this.#before.points)).set(event.data.point, event.data);
        return;
      case 'activation':
        (this.#activations ??= new Map(this.#before.activations)).set(event.data.key, event.data);
        return;
      case 'decision':
        this.#decision(event.data);
        return;
      case 'command':
        this.#command(event.data);
        return;
      case 'confirmation':
        (this.#confirmations ??= new Map(this.#before.confirmations)).set(event.data.id, event.data);
        return;
      case 'restraint':
        (this.#restraints ??= new Map(this.#before.restraints)).set(event.data.id, event.data);
        return;
      case 'alarm':
        this.#alarm(event.data);
        return;
      case 'order':
      case 'halt':
      case 'schedule':
        // No page shows them yet.
        return;
      case 'gone':
        if (event.data.kind !== 'schedule') this.#gone({ ...event.data, kind: event.data.kind });
        return;
    }
  }

  finish(): CityState {
    const before = this.#before;
    const points = this.#points ?? before.points;
    const tables = [this.#assets, this.#facts, this.#points, this.#activations];
    const lists = [this.#decisions, this.#commands, this.#alarms, this.#confirmations, this.#restraints];
    if ([...tables, ...lists].every((changed) => changed === undefined)) return before;
    return {
      assets: this.#assets ?? before.assets,
      facts: this.#facts ?? before.facts,
      points,
      activations: this.#activations ?? before.activations,
      decisions: this.#decisions ?? before.decisions,
      commands: this.#commands === undefined ? before.commands : withoutOldest(this.#commands, points),
      confirmations: this.#confirmations ?? before.confirmations,
      restraints: this.#restraints ?? before.restraints,
      alarms: this.#alarms ?? before.alarms,
    };
  }

  #fact(fact: FactView): void {
    const facts = (this.#facts ??= new Map(this.#before.facts));
    facts.set(fact.asset, new Map(facts.get(fact.asset)).set(fact.property, fact));
  }

  #decision(decision: Decision): void {
    const decisions = (this.#decisions ??= [...this.#before.decisions]);
    if (decisions.some(({ decisionId }) => decisionId === decision.decisionId)) return;
    decisions.unshift(decision);
    decisions.sort(newestDecisionFirst);
    decisions.length = Math.min(decisions.length, DECISIONS_KEPT);
  }

  #command(record: CommandRecord): void {
    const commands = (this.#commands ??= new Map(this.#before.commands));
    const known = commands.get(record.command.commandId);
    // A command's steps only grow: a shorter record is one that was overtaken on its way.
    if (known && known.steps.length > record.steps.length) return;
    commands.set(record.command.commandId, record);
  }

  #alarm(alarm: Alarm): void {
    const alarms = (this.#alarms ??= new Map(this.#before.alarms));
    const known = alarms.get(alarm.alarmId);
    // Of two reports the one with more changes is newer.
    if (known && known.revision > alarm.revision) return;
    if (alarm.closedAt === undefined) alarms.set(alarm.alarmId, alarm);
    else alarms.delete(alarm.alarmId);
  }

  #gone({ kind, key }: { kind: 'asset' | 'activation' | 'confirmation' | 'restraint'; key: string }): void {
    if (kind === 'confirmation') {
      (this.#confirmations ??= new Map(this.#before.confirmations)).delete(key);
      return;
    }
    if (kind === 'restraint') {
      (this.#restraints ??= new Map(this.#before.restraints)).delete(key);
      return;
    }
    if (kind === 'activation') {
      (this.#activations ??= new Map(this.#before.activations)).delete(key);
      return;
    }
    (this.#assets ??= new Map(this.#before.assets)).delete(key);
    (this.#facts ??= new Map(this.#before.facts)).delete(key);
    const points = (this.#points ??= new Map(this.#before.points));
    for (const point of points.keys()) if (point.startsWith(`${key}#`)) points.delete(point);
  }
}

/** Forgets the oldest commands beyond the limit, never one that a point names as its newest. */
function withoutOldest(
  commands: Map<string, CommandRecord>,
  points: ReadonlyMap<string, PointView>,
): Map<string, CommandRecord> {
  if (commands.size <= COMMANDS_KEPT + points.size) return commands;
  const newestOfPoints = new Set([...points.values()].map((point) => point.commandId));
  const kept = commandsNewestFirst(commands).filter(
    (record, index) => index < COMMANDS_KEPT || newestOfPoints.has(record.command.commandId),
  );
  return new Map(kept.map((record) => [record.command.commandId, record]));
}
