// The fold: one log entry after another moves the state on and says what shall be done. The same log makes the same city.
import { actorOwner, requestClaimId } from '../model/claim.ts';
import type { Input, LogEntry } from '../model/input.ts';
import {
  endOrphan,
  evaluateInstance,
  examineInstance,
  resumeInstance,
  type Examination,
  type RuleWork,
} from './activations.ts';
import { Catalogue } from './catalogue.ts';
import { onAck, onDeadline, onProgress } from './commands.ts';
import { takeDocument } from './documents.ts';
import { millisecondsOf } from './log-id.ts';
import { onReadings, onReport, onStale, onStatus, type ReadingCounts } from './observations.ts';
import { settlePoint } from './points.ts';
import type { CheckpointChange, Output } from './ports.ts';
import { viewPoint } from './views.ts';
import { Work, type FoldSettings } from './work.ts';

/** Rounds of settling after which points that still disturb one another are left for the next entry. */
const MOST_ROUNDS = 8;

/** Counts since the start, for the metrics. */
export interface FoldCounts extends ReadingCounts {
  entries: number;
  /** Times the compiled conditions and json-rules-engine disagreed; never more than 0 in a healthy system. */
  disagreements: number;
}

/** The engine's mind. Knows no clock, no network and no disk. */
export class Fold {
  readonly #work: Work;
  readonly #catalogue = new Catalogue();
  readonly #rules: RuleWork;
  readonly #readings: ReadingCounts = { taken: 0, repeated: 0, unknownAsset: 0, invalid: 0 };
  readonly #onFailure: (error: unknown, where: string) => void;
  #entries = 0;

  /**
   * @param settings lengths that differ from `DEFAULT_FOLD_SETTINGS`
   * @param onFailure told when an entry or a rule threw; the others go on
   */
  constructor(
    settings: Partial<FoldSettings> = {},
    onFailure: (error: unknown, where: string) => void = () => undefined,
  ) {
    this.#work = new Work(settings);
    this.#onFailure = onFailure;
    this.#rules = { work: this.#work, catalogue: this.#catalogue, disagreements: { judge: 0 } };
  }

  /** Begins from a checkpoint; `'0-0'` and no cells at the very start. */
  restore(lastId: string, cells: ReadonlyMap<string, string>): void {
    const work = this.#work;
    work.state.restore(lastId, cells);
    work.now = millisecondsOf(lastId);
    for (const { body } of work.state.assets.values()) if (body) work.directory.put(body);
    for (const claim of work.state.claims.values()) work.indexClaim(claim);
    for (const [id, command] of work.state.commands.entries()) work.timers.set(`command:${id}`, command.deadline);
    this.#catalogue.rebuild(work.state, work.directory);
    for (const instance of this.#catalogue.instances.values()) resumeInstance(this.#rules, instance);
    for (const key of work.state.points.keys()) work.dirtyPoints.add(key);
  }

  /** Commands issued from now on carry this epoch as their fence. */
  set epoch(epoch: number) {
    this.#work.epoch = epoch;
  }

  /** The last entry that the state includes. */
  get lastId(): string {
    return this.#work.state.lastId;
  }

  /** When the next timer is due, milliseconds since the epoch of the log's clock. */
  get nextDue(): number | undefined {
    return this.#work.timers.next();
  }

  /** What happened so far. */
  get counts(): FoldCounts {
    return { ...this.#readings, entries: this.#entries, disagreements: this.#rules.disagreements.judge };
  }

  /** Documents in force, by kind and id: `asset` `urn:…` → version. */
  versions(): Map<string, number> {
    const { assets, rules, conditions, interlocks } = this.#work.state;
    const versions = new Map<string, number>();
    for (const table of [assets, rules, conditions, interlocks]) {
      for (const [id, { version }] of table.entries()) versions.set(`${table.name} ${id}`, version);
    }
    return versions;
  }

  /** Works one entry through: due timers first, then the entry, then what both have touched. Returns what shall be done. */
  async apply(entry: LogEntry): Promise<Output[]> {
    const work = this.#work;
    work.entryId = entry.id;
    const at = Math.max(entry.at, work.now);
    await this.#fireTimers(at);
    work.now = at;
    try {
      this.#take(entry.input);
    } catch (error) {
      this.#onFailure(error, `entry ${entry.id}`);
    }
    await this.#evaluateDirty();
    this.#settleDirty();
    work.state.lastId = entry.id;
    this.#entries += 1;
    return work.takeOutputs();
  }

  /** A rule's instance as it stands now, for an explanation; undefined when there is none of this key. Moves nothing. */
  async examine(key: string): Promise<Examination | undefined> {
    const instance = this.#catalogue.instances.get(key);
    return instance && examineInstance(this.#rules, instance);
  }

  /** What changed in the state since the last call, for the checkpoint. */
  drain(): CheckpointChange {
    return this.#work.state.drain();
  }

  async #fireTimers(until: number): Promise<void> {
    const { timers } = this.#work;
    for (let due = timers.take(until); due; due = timers.take(until)) {
      this.#work.now = Math.max(due.at, this.#work.now);
      this.#fire(due.name);
      await this.#evaluateDirty();
    }
  }

  #fire(name: string): void {
    const work = this.#work;
    const colon = name.indexOf(':');
    const key = name.slice(colon + 1);
    switch (name.slice(0, colon)) {
      case 'activation':
      case 'recheck':
        work.dirtyInstances.add(key);
        break;
      case 'claim':
        work.dropClaim(key);
        break;
      case 'command':
        onDeadline(work, key);
        break;
      case 'point':
        work.dirtyPoints.add(key);
        break;
      case 'stale':
        onStale(work, key);
        break;
      default:
        throw new TypeError(`no timer is called ${name}`);
    }
  }

  #take(input: Input): void {
    const work = this.#work;
    switch (input.kind) {
      case 'readings':
        return onReadings(work, this.#catalogue, input.readings, this.#readings);
      case 'report':
        return onReport(work, this.#catalogue, input.report, this.#readings);
      case 'ack':
        return onAck(work, input.ack);
      case 'status':
        return onStatus(work, input);
      case 'progress':
        return onProgress(work, input);
      case 'request':
        return this.#onRequest(input);
      case 'document':
        if (takeDocument(work, input.document) && input.document.of !== 'interlock') this.#rebuild();
        return undefined;
      case 'tick':
        return undefined;
    }
  }

  #onRequest({ actor, department, request }: Extract<Input, { kind: 'request' }>): void {
    const work = this.#work;
    const owner = actorOwner(actor);
    const id = requestClaimId(owner, request.key, request.point);
    if (request.do === 'release') {
      work.dropClaim(id);
      return;
    }
    if (!work.declarationOf(request.point)) return;
    const { point, effect, value, slot, rampSeconds, reason, leaseSeconds } = request;
    const since = work.state.claims.get(id)?.since ?? work.now;
    const leaseUntil = work.now + leaseSeconds * 1_000;
    work.putClaim({ id, point, effect, value, slot, rampSeconds, owner, department, reason, since, leaseUntil });
  }

  #rebuild(): void {
    const work = this.#work;
    this.#catalogue.rebuild(work.state, work.directory);
    for (const [key, activation] of work.state.activations.entries()) {
      if (!this.#catalogue.instances.has(key)) endOrphan(work, key, activation);
    }
    for (const key of this.#catalogue.instances.keys()) work.dirtyInstances.add(key);
  }

  async #evaluateDirty(): Promise<void> {
    const { dirtyInstances } = this.#work;
    if (dirtyInstances.size === 0) return;
    // In a fixed order: what a restart brings back must come out as it would have without.
    const keys = [...dirtyInstances].toSorted();
    dirtyInstances.clear();
    for (const key of keys) {
      const instance = this.#catalogue.instances.get(key);
      if (!instance) continue;
      try {
        await evaluateInstance(this.#rules, instance);
      } catch (error) {
        this.#onFailure(error, `rule ${key}`);
      }
    }
  }

  #settleDirty(): void {
    const work = this.#work;
    for (let round = 0; work.dirtyPoints.size > 0 && round < MOST_ROUNDS; round += 1) {
      const keys = [...work.dirtyPoints].toSorted();
      work.dirtyPoints.clear();
      for (const key of keys) {
        settlePoint(work, key);
        const point = work.state.points.get(key);
        if (point) work.emit({ kind: 'live', event: { event: 'point', data: viewPoint(key, point) } });
      }
    }
  }
}
