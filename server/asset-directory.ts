// Which assets exist, whose they are and what points they have: kept in memory, fresh by events.
import type { Logger } from 'pino';

import type { DocumentStore } from '../engine/index.ts';
import { assetSchema, type Asset } from '../engine/model/asset.ts';
import type { Clock } from '../engine/model/clock.ts';
import type { LiveSource } from './live.ts';

/** Looks assets up without waiting. */
export interface AssetDirectory {
  get(id: string): Asset | undefined;
  /** A department's assets, ordered by id. */
  ofDepartment(department: string): Asset[];
  all(): Iterable<Asset>;
  /** Calls the listener with the departments whose assets changed. Returns a function that ends it. */
  onChange(listener: (departments: ReadonlySet<string>) => void): () => void;
}

/** All assets are read again after this time, in milliseconds, in case an event was lost on its way. */
const REREAD_MS = 60_000;

/** The directory of the document store's assets. */
export class StoredAssetDirectory implements AssetDirectory {
  readonly #documents: DocumentStore;
  readonly #live: LiveSource;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #assets = new Map<string, { version: number; asset: Asset }>();
  readonly #listeners = new Set<(departments: ReadonlySet<string>) => void>();
  #ends: (() => void)[] = [];
  #reading: Promise<void> = Promise.resolve();
  #running = false;

  constructor(parts: { documents: DocumentStore; live: LiveSource; clock: Clock; log: Logger }) {
    this.#documents = parts.documents;
    this.#live = parts.live;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Reads all assets and follows their changes. Rejects when they cannot be read. Safe to call twice. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#ends.push(
      this.#live.subscribe((events) => {
        const touched = events.flatMap((event) => {
          if (event.event === 'asset') return [event.data.id];
          return event.event === 'gone' && event.data.kind === 'asset' ? [event.data.key] : [];
        });
        if (touched.length > 0) void this.refresh(touched);
      }),
    );
    const first = this.#reading.then(() => this.#readAll());
    this.#reading = first.catch(() => undefined);
    // Without the first read every reading would look like one of an unknown asset.
    await first.catch(async (error: unknown) => {
      await this.stop();
      throw error;
    });
    this.#rereadLater();
  }

  /** Follows no more. Safe to call twice. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const end of this.#ends.splice(0)) end();
    await this.#reading;
  }

  get(id: string): Asset | undefined {
    return this.#assets.get(id)?.asset;
  }

  all(): Asset[] {
    return [...this.#assets.values()].map(({ asset }) => asset);
  }

  ofDepartment(department: string): Asset[] {
    return this.all()
      .filter((asset) => asset.department === department)
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  onChange(listener: (departments: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads these assets again, one after the other. */
  refresh(ids: readonly string[]): Promise<void> {
    return this.#queue(async () => {
      const changed = new Set<string>();
      for (const id of new Set(ids)) this.#take(id, await this.#documents.get('asset', id), changed);
      this.#tell(changed);
    });
  }

  async #readAll(): Promise<void> {
    const stored = await this.#documents.list('asset');
    const changed = new Set<string>();
    const gone = new Set(this.#assets.keys());
    for (const document of stored) {
      gone.delete(document.id);
      this.#take(document.id, document, changed);
    }
    for (const id of gone) this.#take(id, undefined, changed);
    this.#tell(changed);
  }

  /** One read at a time, so that an older answer never replaces a newer one. A failed read leaves what is known. */
  #queue(work: () => Promise<void>): Promise<void> {
    this.#reading = this.#reading
      .then(work)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'assets could not be read; using those known'));
    return this.#reading;
  }

  #take(id: string, stored: { version: number; body: unknown } | undefined, changed: Set<string>): void {
    const known = this.#assets.get(id);
    if (stored && known?.version === stored.version) return;
    const asset = stored?.body === null ? undefined : this.#read(id, stored?.body);
    if (known) changed.add(known.asset.department);
    if (asset && stored) {
      changed.add(asset.department);
      this.#assets.set(id, { version: stored.version, asset });
    } else this.#assets.delete(id);
  }

  #read(id: string, body: unknown): Asset | undefined {
    if (body === undefined) return undefined;
    const parsed = assetSchema.safeParse(body);
    if (!parsed.success) this.#log.error({ asset: id, problem: parsed.error.message }, 'a stored asset cannot be read');
    return parsed.data;
  }

  #tell(changed: ReadonlySet<string>): void {
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }

  #rereadLater(): void {
    if (!this.#running) return;
    const end = this.#clock.after(REREAD_MS, () => {
      this.#ends = this.#ends.filter((each) => each !== end);
      void this.#queue(() => this.#readAll()).then(() => this.#rereadLater());
    });
    this.#ends.push(end);
  }
}
