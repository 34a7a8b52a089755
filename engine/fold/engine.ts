// The engine at work: one process of the box reads the log, folds it, delivers what comes of it, and keeps checkpoints.
import { pause, type Clock } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import type { DocumentInput, Input, LogEntry } from '../model/input.ts';
import { Fold } from './fold.ts';
import type { CheckpointStore, InputLog, Lease, OutputSink } from './ports.ts';
import type { FoldCounts } from './rule-work.ts';
import type { FoldSettings } from './work.ts';

/** What the engine is made of. */
export interface EngineParts {
  log: InputLog;
  checkpoints: CheckpointStore;
  lease: Lease;
  sink: OutputSink;
  /** The newest versions of all documents, removed ones with `body: null`: what the engine compares itself with. */
  documents: () => Promise<DocumentInput[]>;
  clock: Clock;
  settings?: Partial<FoldSettings>;
  /** Told of everything that went wrong or is worth a line in the log. */
  note?: (event: EngineEvent) => void;
}

/** Something worth knowing about the engine. */
export type EngineEvent =
  | { event: 'active'; epoch: number; replayed: number; recoveryMs: number }
  | { event: 'standing-by' }
  | { event: 'deposed'; epoch: number }
  /** Evaluation stood still for `pauseMs` milliseconds while the changes were gathered. */
  | { event: 'checkpoint'; cells: number; pauseMs: number }
  | { event: 'problem'; error: unknown; where?: string };

/** Entries taken from the log at once. */
const BATCH = 1_000;
/** The longest wait for entries, in milliseconds; also how late a tick may be noticed. */
const LONGEST_WAIT_MS = 250;
/** How often the lease is renewed, in milliseconds: a quarter of its length. */
const RENEW_EVERY_MS = 500;
/** How often a standby looks whether the lease is free, in milliseconds. */
const STANDBY_MS = 250;
/** How often the state is checkpointed, in milliseconds. */
const CHECKPOINT_EVERY_MS = 500;
/** How long a stopping engine waits for a checkpoint, in milliseconds. */
const LONGEST_FAREWELL_MS = 1_500;
/** How often documents are compared with the database, in milliseconds: heals a change whose log entry was lost. */
const DOCUMENTS_EVERY_MS = 30_000;

/** One engine process. Any number may run; one is active, the others stand by. */
export class Engine {
  readonly #parts: EngineParts;
  #fold: Fold | undefined;
  /** True once the active engine has read the log to its end. */
  #caughtUp = false;
  #epoch = 0;
  #running: Promise<void> | undefined;
  #stopping = false;
  #heartbeat = 0;
  /** The checkpoint that is being written, and what went wrong with one. */
  #saving: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;
  #comparing: Promise<void> | undefined;
  /** Rules that were too slow: the log has to say so. */
  readonly #slow: Input[] = [];
  #clockOffsetMs = 0;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Begins; safe to call twice. */
  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  /** Finishes the batch at hand, writes a checkpoint, gives up the lease; safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    this.#running = undefined;
  }

  /** True while this process is the one engine and has caught up with the log. */
  get isActive(): boolean {
    return this.#caughtUp;
  }

  /** When the active engine last came round, milliseconds of this process's clock; 0 while standing by. */
  get heartbeat(): number {
    return this.#heartbeat;
  }

  /** The last log entry that the active engine's state includes; `'0-0'` while standing by. */
  get lastId(): string {
    return this.#fold?.lastId ?? '0-0';
  }

  /** Commands since this process became active, by what became of them. */
  get commandCounts(): Record<string, number> | undefined {
    return this.#fold?.commandCounts;
  }

  /** Counts since this process became active. */
  get counts(): FoldCounts | undefined {
    return this.#fold?.counts;
  }

  async #run(): Promise<void> {
    this.#note({ event: 'standing-by' });
    while (!this.#stopping) {
      try {
        const epoch = await this.#parts.lease.acquire();
        if (epoch === undefined) await pause(this.#parts.clock, STANDBY_MS);
        else await this.#beActive(epoch);
      } catch (error) {
        this.#report(error);
        await pause(this.#parts.clock, STANDBY_MS);
      }
    }
  }

  /** Whatever goes wrong in here, the state in memory is dropped: checkpoint and log are the truth, and a new epoch begins from them. */
  async #beActive(epoch: number): Promise<void> {
    const { lease } = this.#parts;
    this.#epoch = epoch;
    try {
      const startedAt = this.#parts.clock.now();
      const fold = await this.#restore(epoch);
      this.#fold = fold;
      await this.#work(fold, startedAt);
      await this.#lastCheckpoint(fold);
    } finally {
      this.#fold = undefined;
      this.#caughtUp = false;
      this.#heartbeat = 0;
      this.#failure = undefined;
      await lease.release(epoch);
    }
  }

  /** The state of the last checkpoint; what the log has since is folded in by the loop, like everything else. */
  async #restore(epoch: number): Promise<Fold> {
    const { lastId, cells } = await this.#parts.checkpoints.load();
    const fold = new Fold(this.#parts.settings, (error, where) => this.#note({ event: 'problem', where, error }), {
      cpuMs: threadMs,
      onSlow: (rule) => this.#slow.push({ kind: 'park', ...rule }),
    });
    fold.epoch = epoch;
    fold.restore(lastId, cells);
    return fold;
  }

  /**
   * Folds what the log has, for ever. Catching up is part of it: were it a step of its own, without checkpoints, an
   * engine that is killed before its end would leave its successor more to do each time.
   */
  async #work(fold: Fold, startedAt: number): Promise<void> {
    const { clock, log } = this.#parts;
    let replayed = 0;
    let renewedAt = startedAt;
    let savedAt = startedAt;
    let comparedAt = startedAt;
    while (!this.#stopping) {
      if (this.#failure) throw this.#failure.error;
      this.#heartbeat = clock.now();
      const entries = await this.#read(fold.lastId, this.#waitMs(fold));
      await this.#applyAll(fold, entries);
      const now = clock.now();
      if (now - renewedAt >= RENEW_EVERY_MS) {
        await this.#renew();
        renewedAt = now;
      }
      if (now - savedAt >= CHECKPOINT_EVERY_MS) {
        this.#checkpoint(fold);
        savedAt = now;
      }
      if (!this.#caughtUp) {
        replayed += entries.length;
        if (entries.length < BATCH) await this.#becomeActive(fold, { replayed, recoveryMs: clock.now() - startedAt });
        continue;
      }
      if (this.#isDue(fold)) await log.append([{ kind: 'tick' }]);
      if (now - comparedAt >= DOCUMENTS_EVERY_MS) {
        this.#compareDocuments(fold);
        comparedAt = now;
      }
    }
  }

  async #becomeActive(fold: Fold, caughtUp: { replayed: number; recoveryMs: number }): Promise<void> {
    const { clock, log } = this.#parts;
    this.#clockOffsetMs = (await log.now()) - clock.now();
    this.#caughtUp = true;
    this.#compareDocuments(fold);
    this.#note({ event: 'active', epoch: this.#epoch, ...caughtUp });
  }

  /**
   * Writes what changed, beside the loop: evaluation goes on meanwhile. While the record plane is away nothing is
   * covered and the log grows; what was not recorded is made again from it.
   */
  #checkpoint(fold: Fold): void {
    // After one that failed, another would cover the log without what the first was to save.
    if (this.#saving || this.#failure) return;
    const begun = performance.now();
    const change = fold.drain();
    const cells = change.tables.reduce((sum, { size }) => sum + size, 0);
    if (cells === 0) return;
    this.#note({ event: 'checkpoint', cells, pauseMs: performance.now() - begun });
    const { checkpoints, log, sink } = this.#parts;
    const save = async (): Promise<void> => {
      await sink.recorded();
      await checkpoints.save(this.#epoch, change);
      await log.trim(change.lastId);
    };
    this.#saving = save()
      .catch((error: unknown) => {
        // A late failure of an engine that was replaced meanwhile is no failure of the present one.
        if (this.#fold === fold) this.#failure = { error };
      })
      .finally(() => {
        this.#saving = undefined;
      });
  }

  /** On the way out; a record plane that is away must not keep the process from ending: the log still has everything. */
  async #lastCheckpoint(fold: Fold): Promise<void> {
    await Promise.race([this.#saving, pause(this.#parts.clock, LONGEST_FAREWELL_MS)]);
    this.#checkpoint(fold);
    await Promise.race([this.#saving, pause(this.#parts.clock, LONGEST_FAREWELL_MS)]);
  }

  /** Outputs reach their receivers before a checkpoint covers the entry: after a crash they are made again, under the same ids. */
  async #applyAll(fold: Fold, entries: readonly LogEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const outputs = [];
    for (const entry of entries) {
      const made = fold.apply(entry);
      outputs.push(...(made instanceof Promise ? await made : made));
    }
    if (outputs.length > 0) await this.#parts.sink.deliver(outputs, this.#epoch);
    if (this.#slow.length > 0) await this.#parts.log.append(this.#slow.splice(0));
  }

  async #read(afterId: string, waitMs: number): Promise<LogEntry[]> {
    return this.#parts.log.read(afterId, BATCH, waitMs);
  }

  async #renew(): Promise<void> {
    const { clock, lease, log } = this.#parts;
    if (!(await lease.renew(this.#epoch))) throw new SignalboxError('deposed', { epoch: 'newer' });
    this.#clockOffsetMs = (await log.now()) - clock.now();
  }

  /** Beside the loop: while the database is away, the documents in force stay in force. */
  #compareDocuments(fold: Fold): void {
    if (this.#comparing) return;
    this.#comparing = this.#appendMissing(fold)
      .catch((error: unknown) => this.#note({ event: 'problem', where: 'comparing documents', error }))
      .finally(() => {
        this.#comparing = undefined;
      });
  }

  async #appendMissing(fold: Fold): Promise<void> {
    const newest = await this.#parts.documents();
    const known = fold.versions();
    const missing = newest.filter(({ of, id, version }) => (known.get(`${of} ${id}`) ?? 0) < version);
    await this.#parts.log.append(missing.map((document) => ({ kind: 'document', document })));
  }

  #logNow(): number {
    return this.#parts.clock.now() + this.#clockOffsetMs;
  }

  #isDue(fold: Fold): boolean {
    return fold.nextDue !== undefined && fold.nextDue <= this.#logNow();
  }

  #waitMs(fold: Fold): number {
    if (!this.#caughtUp) return 1;
    const untilDue = (fold.nextDue ?? Infinity) - this.#logNow();
    return Math.min(LONGEST_WAIT_MS, Math.max(1, untilDue));
  }

  #report(error: unknown): void {
    const isDeposed = error instanceof SignalboxError && error.code === 'deposed';
    this.#note(isDeposed ? { event: 'deposed', epoch: this.#epoch } : { event: 'problem', error });
  }

  #note(event: EngineEvent): void {
    this.#parts.note?.(event);
  }
}

/** Time that this thread has worked, in milliseconds: a busy machine makes no rule slow. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
