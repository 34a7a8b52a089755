// What rules may name, from the stored documents; only what changed since the last time is read again.
import {
  createRuleCatalogue,
  type DocumentStore,
  type RuleCatalogue,
  type StoredDocument,
} from '../../engine/index.ts';
import { assetSchema, type Asset } from '../../engine/model/asset.ts';
import { calendarSchema, type Calendar } from '../../engine/model/calendar.ts';
import { namedConditionSchema, type NamedCondition } from '../../engine/model/rule.ts';

/** Clocks of machines that write documents may differ by this much, in milliseconds. */
const OVERLAP_MS = 30_000;

/** A catalogue that follows the stored assets and named conditions. */
export class StoredRuleCatalogue {
  readonly #documents: Pick<DocumentStore, 'newest'>;
  readonly #assets = new Map<string, Asset>();
  readonly #conditions = new Map<string, NamedCondition>();
  readonly #rules = new Map<string, string>();
  readonly #calendars = new Map<string, Calendar>();
  readonly #versions = new Map<string, number>();
  #newestAt = 0;
  #catalogue: RuleCatalogue | undefined;

  /** @param documents where assets and named conditions are stored */
  constructor(documents: Pick<DocumentStore, 'newest'>) {
    this.#documents = documents;
  }

  /** The catalogue as of now; the same object while nothing changed. Rejects when the documents cannot be read. */
  async current(): Promise<RuleCatalogue> {
    const isNew = await this.#refresh();
    if (isNew || !this.#catalogue)
      this.#catalogue = createRuleCatalogue({
        assets: this.#assets.values(),
        conditions: [...this.#conditions.values()],
        rules: this.#rules.keys(),
        calendars: this.#calendars.keys(),
      });
    return this.#catalogue;
  }

  /** The calendars as of now, by id. Rejects when the documents cannot be read. */
  async calendars(): Promise<ReadonlyMap<string, Calendar>> {
    if (await this.#refresh()) this.#catalogue = undefined;
    return this.#calendars;
  }

  /** Takes what was changed; returns whether anything was. */
  async #refresh(): Promise<boolean> {
    const changed = await this.#documents.newest(Math.max(0, this.#newestAt - OVERLAP_MS));
    // Not stopped by the first that is new: each must be taken.
    return changed.map((document) => this.#take(document)).includes(true);
  }

  /** Returns whether the document is another than before. What this program cannot read is left out. */
  #take({ kind, id, version, body, changedAt }: StoredDocument): boolean {
    this.#newestAt = Math.max(this.#newestAt, changedAt);
    if (NOT_NAMED_BY_RULES.includes(kind)) return false;
    const key = `${kind} ${id}`;
    if ((this.#versions.get(key) ?? 0) >= version) return false;
    this.#versions.set(key, version);
    if (kind === 'asset') replace(this.#assets, id, assetSchema.safeParse(body).data);
    if (kind === 'condition') replace(this.#conditions, id, namedConditionSchema.safeParse(body).data);
    if (kind === 'calendar') replace(this.#calendars, id, calendarSchema.safeParse(body).data);
    if (kind === 'rule') replace(this.#rules, id, body === null ? undefined : id);
    return true;
  }
}

const NOT_NAMED_BY_RULES: readonly StoredDocument['kind'][] = ['interlock', 'duty', 'schedule', 'restraint'];

function replace<T>(known: Map<string, T>, id: string, document: T | undefined): void {
  if (document === undefined) known.delete(id);
  else known.set(id, document);
}
