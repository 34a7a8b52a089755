// The fold: one log entry after another moves the state on and says what shall be done. The same log makes the same city.
import type { Asset } from '../model/asset.ts';
import type { DocumentInput, Input, LogEntry } from '../model/input.ts';
import { hoursAt } from '../model/rule-timing.ts';
import { inScope } from '../rules/scope.ts';
import { documentOf } from '../rules/table.ts';
import {
  evaluateInstance,
  examineInstance,
  resumeActivation,
  resumeInstance,
  type Examination,
} from './activations.ts';
import { noteFlows, notePoints } from './alarm-causes.ts';
import { resumeAlarms } from './alarms.ts';
import { AssetView } from './asset-view.ts';
import { CascadeError } from './cascade.ts';
import { Catalogue } from './catalogue.ts';
import { onAck, onProgress } from './commands.ts';
import { resumeConfirmation } from './confirmations.ts';
import { resumeDocuments, takeDocument } from './documents.ts';
import { markReaders, type Beside } from './fact-reading.ts';
import { millisecondsOf } from './log-id.ts';
import { onReadings, onReport, onStale, onStatus, resumeStaleness } from './observations.ts';
import { letGoOn, onNewVersion, park, resumePause } from './halts.ts';
import { resumeNotices } from './notices.ts';
import { PLAIN_TIMERS } from './plain-timers.ts';
import { closeOrdersOf, forgetRounds } from './one-shots.ts';
import { instanceKey, quickKey, type ReadyRule } from './ready-rule.ts';
import { endOrphans } from './orphans.ts';
import type { Output } from './ports.ts';
import { takeRequest } from './requests.ts';
import type { FoldCounts, RuleWork } from './rule-work.ts';
import { onScheduleDue } from './schedules.ts';
import { recordPoints, settleDirty } from './settling.ts';
import { leaveUnsettled } from './unsettled.ts';
import { evaluateWatched, type SlownessWatch } from './slowness.ts';
import type { AssetChange } from './stands.ts';
import { handOver } from './succession.ts';
import type { CheckpointChange } from './tables.ts';
import { Work, type CommandCounts, type FoldSettings } from './work.ts';

/** Rounds of settling after which points that still disturb one another are left for the next entry, and rules as they are. */
const MOST_ROUNDS = 8;

/** The engine's mind. Knows no clock, no network and no disk. */
export class Fold {
  readonly #work: Work;
  readonly #catalogue: Catalogue;
  readonly #rules: RuleWork;
  readonly #view: AssetView;
  readonly #onFailure: (error: unknown, where: string) => void;
  readonly #watch: SlownessWatch | undefined;

  /**
   * @param settings lengths that differ from `DEFAULT_FOLD_SETTINGS`
   * @param onFailure told when an entry or a rule threw; the others go on
   * @param watch default: nobody measures
   */
  constructor(
    settings: Partial<FoldSettings> = {},
    onFailure: (error: unknown, where: string) => void = () => undefined,
    watch?: SlownessWatch,
  ) {
    this.#watch = watch;
    this.#work = new Work(settings);
    this.#catalogue = new Catalogue(this.#work.directory);
    this.#onFailure = onFailure;
    this.#view = new AssetView(this.#work);
    this.#rules = {
      work: this.#work,
      catalogue: this.#catalogue,
      counts: {
        entries: 0,
        taken: 0,
        repeated: 0,
        late: 0,
        future: 0,
        overheard: 0,
        unknownAsset: 0,
        invalid: 0,
        disagreements: 0,
      },
      candidates: [],
    };
  }

  /** Begins from a checkpoint; `'0-0'` and no cells at the very start. */
  restore(lastId: string, cells: ReadonlyMap<string, string | object>): void {
    const work = this.#work;
    work.state.restore(lastId, cells);
    work.now = millisecondsOf(lastId);
    resumeDocuments(work);
    for (const claim of work.state.claims.values()) work.indexClaim(claim);
    for (const [id, command] of work.state.commands.entries()) work.timers.set(`command:${id}`, command.deadline);
    this.#catalogue.load(work.state);
    for (const instance of this.#catalogue.instances()) resumeInstance(this.#rules, instance);
    for (const [key, activation] of work.state.activations.entries()) resumeActivation(work, key, activation);
    for (const id of work.state.rules.keys()) this.#watchHours(id);
    for (const [rule, pause] of work.state.pauses.entries()) resumePause(work, rule, pause);
    for (const [key, one] of work.state.confirmations.entries()) resumeConfirmation(work, key, one);
    resumeStaleness(work);
    resumeAlarms(work);
    resumeNotices(work);
    // Due at once: what a point's timer waited for may have passed while nobody was there, and no other entry may come.
    for (const key of work.state.points.keys()) work.timers.set(`point:${key}`, work.now);
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
    return { ...this.#rules.counts };
  }

  /** What became of the commands issued so far; those in flight are issued and not ended. */
  get commandCounts(): CommandCounts & { inFlight: number } {
    return { ...this.#work.commands, inFlight: this.#work.state.commands.size };
  }

  /** Documents in force, by kind and id: `asset` `urn:…` → version. */
  versions(): Map<string, number> {
    return this.#work.state.versions();
  }

  /**
   * Works one entry through: due timers first, then the entry, then what both have touched.
   *
   * @returns what shall be done; a promise only where json-rules-engine had to be asked
   */
  apply(entry: LogEntry): Output[] | Promise<Output[]> {
    const work = this.#work;
    work.begin(entry.id);
    const at = Math.max(entry.at, work.now);
    work.entryAt = at;
    const due = work.timers.next();
    if (due !== undefined && due <= at) return this.#fireTimers(at).then(() => this.#takeAndFinish(entry, at));
    return this.#takeAndFinish(entry, at);
  }

  #takeAndFinish(entry: LogEntry, at: number): Output[] | Promise<Output[]> {
    const work = this.#work;
    work.now = at;
    this.#guard(`entry ${entry.id}`, () => this.#take(entry.input));
    return this.#settle(entry, 0);
  }

  /** Rules first, until no rule waits for another; then points; then the rules that read these. */
  #settle(entry: LogEntry, round: number): Output[] | Promise<Output[]> {
    const { activations, points } = this.#work.state;
    markReaders(this.#rules);
    if (round >= MOST_ROUNDS) leaveUnsettled(this.#rules, this.#onFailure);
    const evaluating = this.#evaluateDirty();
    if (evaluating) return evaluating.then(() => this.#settle(entry, round + 1));
    settleDirty(this.#work, (where, work) => this.#guard(where, work));
    return activations.isTouched || points.isTouched ? this.#settle(entry, round + 1) : this.#finish(entry);
  }

  #finish(entry: LogEntry): Output[] {
    this.#guard('alarms of points', () => notePoints(this.#work));
    recordPoints(this.#work);
    this.#work.state.lastId = entry.id;
    this.#rules.counts.entries += 1;
    return this.#work.takeOutputs();
  }

  /**
   * A rule's instance as it stands now, for an explanation; undefined when there is none of this key. Moves nothing.
   *
   * @param beside what stands for points and other rules' activations where this fold does not hold them
   */
  async examine(key: string, beside?: Beside): Promise<Examination | undefined> {
    const instance = this.#catalogue.instance(key);
    return instance && examineInstance(this.#rules, instance, beside);
  }

  /** What changed in the state since the last call, for the checkpoint. */
  drain(): CheckpointChange {
    return this.#work.state.drain();
  }

  async #fireTimers(until: number): Promise<void> {
    const { timers } = this.#work;
    for (let due = timers.take(until); due; due = timers.take(until)) {
      this.#work.now = Math.max(due.at, this.#work.now);
      const { name } = due;
      this.#guard(`timer ${name}`, () => this.#fire(name));
      await this.#evaluateRounds();
    }
  }

  /** Rules that read one another's activation, until they agree; what does not, waits for the entry itself. */
  async #evaluateRounds(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      markReaders(this.#rules);
      const evaluating = this.#evaluateDirty();
      if (!evaluating) return;
      await evaluating;
    }
  }

  /** One that throws stops no other, and is not tried again on replay for ever. */
  #guard(where: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onFailure(error, where);
    }
  }

  #fire(name: string): void {
    const work = this.#work;
    const colon = name.indexOf(':');
    const key = name.slice(colon + 1);
    const kind = name.slice(0, colon);
    const plain = PLAIN_TIMERS.get(kind);
    if (plain) return plain(work, key);
    switch (kind) {
      case 'stale':
        onStale(this.#rules, key);
        break;
      case 'schedule':
        onScheduleDue(work, key);
        break;
      case 'pause':
        letGoOn(work, key, { parked: false, paused: true, why: 'its time was up' });
        this.#lookAtRule(key);
        break;
      case 'hours':
        this.#lookAtRule(key);
        this.#watchHours(key);
        break;
      default:
        throw new TypeError(`no timer is called ${name}`);
    }
  }

  #take(input: Input): void {
    const work = this.#work;
    switch (input.kind) {
      case 'readings':
        return onReadings(this.#rules, input.readings);
      case 'report':
        return onReport(this.#rules, input.report);
      case 'ack':
        return onAck(work, input.ack);
      case 'status':
        return onStatus(work, input);
      case 'progress':
        return onProgress(work, input);
      case 'request':
        return this.#onRequest(input);
      case 'document':
        return this.#onDocument(input.document);
      case 'park':
        return this.#park(input);
      case 'flows':
        return noteFlows(work, input);
      case 'tick':
        return undefined;
    }
  }

  #onRequest(input: Extract<Input, { kind: 'request' }>): void {
    const rule = takeRequest(this.#work, input);
    if (rule !== undefined) this.#lookAtRule(rule);
  }

  /** A rule misbehaved: it ends within the entry at hand, and the others go on. */
  #park(rule: { rule: string; version: number; why: string }): void {
    if (!park(this.#work, rule)) return;
    this.#onFailure(new Error(`parked: ${rule.why}`), `rule ${rule.rule}`);
    this.#lookAtRule(rule.rule);
  }

  #onDocument(document: DocumentInput): void {
    const work = this.#work;
    const { id } = document;
    const before = work.directory.get(id);
    if (!takeDocument(work, document)) return;
    switch (document.of) {
      case 'rule':
        this.#changeRules([id], (keys) => {
          this.#catalogue.putRule(id, inForce(document));
          handOver(this.#rules, id, keys);
        });
        onNewVersion(work, document);
        break;
      case 'asset':
        if (document.body === null) closeOrdersOf(work, id);
        this.#reviewAsset({ id, before, after: work.directory.get(id) });
        break;
      case 'condition':
        this.#changeRules(this.#catalogue.documentsNaming(id), () => this.#catalogue.putConditions(work.state, id));
        break;
      case 'interlock':
      case 'duty':
      case 'schedule':
      case 'restraint':
        break;
      case 'calendar':
        for (const rule of this.#catalogue.documentsLookingAt(work.calendars.reaching(id))) {
          this.#lookAtRule(rule);
          this.#watchHours(rule);
        }
    }
  }

  /** Rule documents change: their instances are looked at, and activations end for which they no longer stand. */
  #changeRules(ids: readonly string[], change: (keys: ReadonlySet<string>) => void): void {
    const keys = new Set(ids.flatMap((id) => [...this.#catalogue.keysOf(id)]));
    change(keys);
    for (const id of ids) {
      this.#lookAtRule(id);
      this.#watchHours(id);
    }
    endOrphans(this.#rules, keys);
    for (const id of ids) if (!this.#work.state.rules.get(id)?.body) forgetRounds(this.#work, id);
  }

  /** A rule that has hours is looked at when they begin and when they end. */
  #watchHours(id: string): void {
    const { state, timers, now, city } = this.#work;
    const when = state.rules.get(id)?.body?.when;
    timers.set(`hours:${id}`, when && hoursAt(when, now, city).changesAt);
  }

  /** Every instance of a rule document is to be looked at before the entry is done. */
  #lookAtRule(id: string): void {
    const { dirtyInstances } = this.#work;
    for (const ready of this.#catalogue.rulesOf(id)) {
      if (ready.quick)
        for (const asset of this.#catalogue.subjectsOf(ready)) this.#rules.candidates.push({ asset, ready });
      else for (const key of this.#catalogue.keysOf(id)) dirtyInstances.add(key);
    }
    for (const key of this.#catalogue.readersOfRule(id)) dirtyInstances.add(key);
  }

  /** An asset was changed: every rule that may stand for it, or look at it, is looked at. */
  #reviewAsset(change: AssetChange): void {
    const { id, before, after } = change;
    const keys = this.#catalogue.onAsset(change);
    for (const key of keys) this.#work.dirtyInstances.add(key);
    for (const ready of this.#catalogue.quickRulesOf((after ?? before)?.type ?? '')) {
      if (after && inScope(ready.rule.scope, after)) this.#rules.candidates.push({ asset: after, ready });
      else keys.add(quickKey(ready.rule.id, id));
    }
    endOrphans(this.#rules, keys);
  }

  /** The instances that an index or a timer pointed at, where a quick look does not rule them out; undefined for none. */
  #evaluateDirty(): Promise<void> | undefined {
    const { dirtyInstances } = this.#work;
    const keys = new Set(dirtyInstances);
    dirtyInstances.clear();
    for (const { asset, ready } of this.#rules.candidates.splice(0)) {
      const key = instanceKey(ready.rule.id, { asset });
      if (this.#work.state.activations.has(key) || this.#looksTrue(asset, ready)) keys.add(key);
    }
    return keys.size === 0 ? undefined : this.#evaluateAll(keys);
  }

  #looksTrue(asset: Asset, ready: ReadyRule): boolean {
    this.#view.asset = asset;
    return ready.quick?.(this.#view) === true;
  }

  /** In a fixed order: what a restart brings back must come out as it would have without. */
  async #evaluateAll(keys: ReadonlySet<string>): Promise<void> {
    for (const key of [...keys].toSorted()) {
      const instance = this.#catalogue.instance(key);
      if (!instance) continue;
      const { rule, version } = instance.ready;
      try {
        if (this.#watch) await evaluateWatched(this.#rules, instance, this.#watch);
        else await evaluateInstance(this.#rules, instance);
      } catch (error) {
        this.#onFailure(error, `rule ${key}`);
        const why =
          error instanceof CascadeError ? error.message : `it threw for ${instance.subject.asset.id}: ${String(error)}`;
        this.#park({ rule: documentOf(rule.id), version, why });
      }
    }
  }
}

const inForce = ({ version, body }: Extract<DocumentInput, { of: 'rule' }>) => (body ? { body, version } : undefined);
