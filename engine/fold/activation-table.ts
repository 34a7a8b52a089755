// Activations by rule and asset, with memory of whose state rules that read it have not yet seen.
import type { Activation } from '../model/decision.ts';
import type { ActivationState } from '../model/facts.ts';
import { Table } from './tables.ts';

/** What a rule is for an asset, if any of its rows or related assets makes it so. */
export interface RuleOfAsset {
  /** The document's id. */
  rule: string;
  asset: string;
}

/** The table of activations, by `<rule>|<asset>|<related>`. */
export class ActivationTable extends Table<Activation> {
  readonly #byAsset = new Map<string, Set<string>>();
  readonly #touched = new Map<string, RuleOfAsset>();

  override set(key: string, row: Activation): void {
    this.#changing(this.get(key) ?? row, () => {
      super.set(key, row);
      this.#index(key, row);
    });
  }

  override delete(key: string): boolean {
    const row = this.get(key);
    if (!row) return false;
    this.#changing(row, () => {
      super.delete(key);
      const name = nameOf(row);
      const keys = this.#byAsset.get(name);
      keys?.delete(key);
      if (keys?.size === 0) this.#byAsset.delete(name);
    });
    return true;
  }

  override restore(key: string, row: Activation): void {
    super.restore(key, row);
    this.#index(key, row);
  }

  /** A rule's activations for an asset: of all its rows and related assets. */
  keysOf(about: RuleOfAsset): string[] {
    return [...(this.#byAsset.get(nameOf(about)) ?? [])];
  }

  /** What a rule is for an asset. */
  stateOf(about: RuleOfAsset): ActivationState {
    const phases = this.keysOf(about).flatMap((key) => this.get(key)?.phase ?? []);
    if (phases.length === 0) return 'none';
    return phases.every((phase) => phase === 'pending') ? 'pending' : 'active';
  }

  /** Hands over whose state was changed since the last call. */
  takeTouched(): RuleOfAsset[] {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    return touched;
  }

  /** Has any state changed since the last call of `takeTouched`? */
  get isTouched(): boolean {
    return this.#touched.size > 0;
  }

  #changing({ rule, asset }: Activation, change: () => void): void {
    const before = this.stateOf({ rule, asset });
    change();
    if (this.stateOf({ rule, asset }) !== before) this.#touched.set(nameOf({ rule, asset }), { rule, asset });
  }

  #index(key: string, row: Activation): void {
    const name = nameOf(row);
    this.#byAsset.set(name, (this.#byAsset.get(name) ?? new Set()).add(key));
  }
}

const nameOf = ({ rule, asset }: RuleOfAsset): string => `${rule}|${asset}`;
