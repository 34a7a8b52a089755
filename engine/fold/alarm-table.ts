// Alarms that are open, found also by the asset that they are about, by what they have in common, and by what covers them.
import type { Alarm, AlarmKind } from '../model/alarm.ts';
import { Table } from './tables.ts';

/** At most one alarm of a kind and subject is open. */
export const alarmKey = (kind: AlarmKind, subject: string): string => `${kind}|${subject}`;

/** The table of open alarms, by `<kind>|<subject>`. */
export class AlarmTable extends Table<Alarm> {
  readonly #ofAsset = new Keys();
  readonly #ofGroup = new Keys();
  readonly #under = new Keys();

  override set(key: string, row: Alarm): void {
    this.#unlink(key);
    super.set(key, row);
    this.#link(key, row);
  }

  override delete(key: string): boolean {
    this.#unlink(key);
    return super.delete(key);
  }

  override restore(key: string, row: Alarm): void {
    super.restore(key, row);
    this.#link(key, row);
  }

  /** Is any alarm about this asset open? */
  isAbout(asset: string): boolean {
    return this.#ofAsset.has(asset);
  }

  /** The keys of the alarms about an asset, in the order of the keys. */
  ofAsset(asset: string): readonly string[] {
    return this.#ofAsset.get(asset);
  }

  /** The keys of the alarms with this in common. */
  ofGroup(group: string): readonly string[] {
    return this.#ofGroup.get(group);
  }

  /** The keys of the alarms that are consequences of this one. */
  under(cover: string): readonly string[] {
    return this.#under.get(cover);
  }

  #link(key: string, { asset, group, under }: Alarm): void {
    if (asset !== undefined) this.#ofAsset.add(asset, key);
    this.#ofGroup.add(group, key);
    if (under !== undefined) this.#under.add(under, key);
  }

  #unlink(key: string): void {
    const known = this.get(key);
    if (!known) return;
    if (known.asset !== undefined) this.#ofAsset.delete(known.asset, key);
    this.#ofGroup.delete(known.group, key);
    if (known.under !== undefined) this.#under.delete(known.under, key);
  }
}

const NONE: readonly string[] = [];

/** Keys by a word. They come out sorted: a restart must not change the order in which things happen. */
class Keys {
  readonly #sets = new Map<string, Set<string>>();

  get(word: string): readonly string[] {
    const set = this.#sets.get(word);
    return set ? [...set].toSorted() : NONE;
  }

  has(word: string): boolean {
    return this.#sets.has(word);
  }

  add(word: string, key: string): void {
    const set = this.#sets.get(word);
    if (set) set.add(key);
    else this.#sets.set(word, new Set([key]));
  }

  delete(word: string, key: string): void {
    const set = this.#sets.get(word);
    set?.delete(key);
    if (set?.size === 0) this.#sets.delete(word);
  }
}
