// Tells the engine about changed documents: each stored version enters the log, even if the log was away just then.
import type { Logger } from 'pino';

import type { DocumentStore, StoredDocument } from '../engine/index.ts';
import type { Clock } from '../engine/model/clock.ts';
import { documentInputSchema, type DocumentInput } from '../engine/model/input.ts';
import type { LogWriter } from './log-writer.ts';

/** How long until a version that the log did not take is offered again, in milliseconds. */
const RETRY_MS = 1_000;
/** Versions stored this long before the start are announced again: a gateway may have died in between. In milliseconds. */
const RECENT_MS = 15 * 60_000;
/** How many are announced at once: well below what may wait for the log. */
const AT_ONCE = 500;

/** Announces stored versions. The engine ignores a version that it knows. */
export class DocumentAnnouncer {
  readonly #documents: DocumentStore;
  readonly #inputs: Pick<LogWriter, 'append'>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Newest version per document that the log has not taken yet. */
  readonly #pending = new Map<string, StoredDocument>();
  #cancelRetry: (() => void) | undefined;
  #running = false;

  constructor(parts: { documents: DocumentStore; inputs: Pick<LogWriter, 'append'>; clock: Clock; log: Logger }) {
    this.#documents = parts.documents;
    this.#inputs = parts.inputs;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Announces what was stored lately. Safe to call twice. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const since = this.#clock.now() - RECENT_MS;
    const recent = (await this.#documents.newest()).filter((document) => document.changedAt >= since);
    for (let begin = 0; begin < recent.length; begin += AT_ONCE)
      await Promise.all(recent.slice(begin, begin + AT_ONCE).map((document) => this.announce(document)));
  }

  /** Offers nothing again; a later start makes up for it. Safe to call twice. */
  stop(): void {
    this.#running = false;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  /** Resolves with true when the version is in the log, with false when it will be offered again. */
  async announce(stored: StoredDocument): Promise<boolean> {
    const document = toInput(stored);
    if (!document) {
      this.#log.error({ document: stored.id, version: stored.version }, 'a stored document is not what its kind says');
      return true;
    }
    try {
      await this.#inputs.append({ kind: 'document', document });
      return true;
    } catch (error) {
      this.#log.warn({ err: error, document: stored.id }, 'the engine does not know a changed document yet');
      this.#keep(stored);
      return false;
    }
  }

  #keep(stored: StoredDocument): void {
    const key = `${stored.kind}:${stored.id}`;
    const waiting = this.#pending.get(key);
    if (!waiting || waiting.version < stored.version) this.#pending.set(key, stored);
    if (!this.#running) return;
    this.#cancelRetry ??= this.#clock.after(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      const again = [...this.#pending.values()];
      this.#pending.clear();
      for (const each of again) void this.announce(each);
    });
  }
}

function toInput({ kind, id, version, body }: StoredDocument): DocumentInput | undefined {
  return documentInputSchema.safeParse({ of: kind, id, version, body }).data;
}
