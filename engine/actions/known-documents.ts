// Assets and interlocks in memory, as a worker needs them for every command and report; kept fresh from the record plane.
import { assetSchema, pointsOf, type Asset } from '../model/asset.ts';
import type { Clock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import { interlockSchema, type Interlock } from '../model/interlock.ts';
import { splitPointKey, type PointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import { departmentOf } from '../model/rule.ts';
import type { Documents } from './interlock-check.ts';

/** A document as it is stored: the newest version, `body: null` when it was removed. */
export interface KnownDocument {
  kind: string;
  id: string;
  version: number;
  body: unknown;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

/** Where documents come from: the newest versions made since an instant (milliseconds since the epoch). */
export type ReadDocuments = (since: number) => Promise<readonly KnownDocument[]>;

type Parsed<T> = { success: true; data: T } | { success: false; error: Error };

/** How soon a changed interlock holds in every process, in milliseconds. */
const REFRESH_MS = 1_000;

/** Clocks of machines that write documents may differ by this much, in milliseconds. */
const OVERLAP_MS = 30_000;

/** All assets and interlocks. `start()` resolves when they are known. */
export class KnownDocuments implements Documents {
  readonly #read: ReadDocuments;
  readonly #clock: Clock;
  readonly #note: (error: unknown) => void;
  readonly #assets = new Map<string, Asset>();
  readonly #interlocks = new Map<string, Interlock>();
  readonly #versions = new Map<string, number>();
  #newestAt = 0;
  #cancel: (() => void) | undefined;
  #isRunning = false;

  /** @param parts.note told of documents that cannot be used and of reads that failed */
  constructor(parts: { read: ReadDocuments; clock: Clock; note: (error: unknown) => void }) {
    this.#read = parts.read;
    this.#clock = parts.clock;
    this.#note = parts.note;
  }

  /** Reads everything, then stays fresh. Rejects when the first reading fails. Safe to call twice. */
  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    await this.refresh();
    this.#refreshLater();
  }

  /** Safe to call twice. */
  stop(): void {
    this.#isRunning = false;
    this.#cancel?.();
  }

  /** Reads what changed since the last time. */
  async refresh(): Promise<void> {
    for (const document of await this.#read(Math.max(0, this.#newestAt - OVERLAP_MS))) this.#take(document);
  }

  /** An asset, if it exists. */
  asset(id: string): Asset | undefined {
    return this.#assets.get(id);
  }

  pointOf(command: Command): Point | undefined {
    const { asset, point } = splitPointKey(command.point);
    const known = this.#assets.get(asset);
    return known && pointsOf(known)[point];
  }

  /** Those of the asset's own department: nobody else has a say in what its points may do. */
  interlocksFor(key: PointKey): readonly Interlock[] {
    const { asset: id, point } = splitPointKey(key);
    const asset = this.#assets.get(id);
    return [...this.#interlocks.values()].filter(
      ({ id: interlock, scope, point: name }) =>
        name === point &&
        asset?.department === departmentOf(interlock) &&
        scope.type === asset.type &&
        (scope.tag === undefined || asset.tags.includes(scope.tag)),
    );
  }

  /** Is there an asset in this department that is bound to this device? */
  isDevice(department: string, device: string): boolean {
    return [...this.#assets.values()].some(
      (asset) => asset.department === department && asset.binding?.device === device,
    );
  }

  /** Is this asset bound to this device of this department? */
  isBound(id: string, department: string, device: string): boolean {
    const asset = this.#assets.get(id);
    return asset?.department === department && asset.binding?.device === device;
  }

  #take({ kind, id, version, body, changedAt }: KnownDocument): void {
    const key = `${kind} ${id}`;
    if ((this.#versions.get(key) ?? 0) >= version) return;
    this.#versions.set(key, version);
    this.#newestAt = Math.max(this.#newestAt, changedAt);
    if (kind === 'asset') this.#replace(this.#assets, id, body === null ? undefined : assetSchema.safeParse(body));
    if (kind === 'interlock')
      this.#replace(this.#interlocks, id, body === null ? undefined : interlockSchema.safeParse(body));
  }

  /** A version that this program cannot read leaves the one before in force: an interlock never vanishes by mistake. */
  #replace<T>(known: Map<string, T>, id: string, parsed: Parsed<T> | undefined): void {
    if (!parsed) known.delete(id);
    else if (parsed.success) known.set(id, parsed.data);
    else this.#note(parsed.error);
  }

  #refreshLater(): void {
    this.#cancel = this.#clock.after(REFRESH_MS, () => {
      void this.refresh()
        .catch((error: unknown) => this.#note(error))
        .finally(() => {
          if (this.#isRunning) this.#refreshLater();
        });
    });
  }
}
