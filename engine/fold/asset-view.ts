// One asset's present values, as quick looks read them.
import { knownValue } from '../facts/fact.ts';
import type { Asset } from '../model/asset.ts';
import { own } from '../model/own.ts';
import type { Value } from '../model/value.ts';
import type { OwnValues } from '../rules/compile.ts';
import type { Work } from './work.ts';

/** Looks at one asset after another; one object serves them all, because it is asked millions of times. */
export class AssetView implements OwnValues {
  readonly #work: Work;
  /** Whom it looks at. */
  asset: Asset | undefined;

  constructor(work: Work) {
    this.#work = work;
  }

  property(name: string): Value | undefined {
    const fact = this.asset && this.#work.state.facts.get(this.asset.id, name);
    return this.asset && fact && knownValue(this.asset, fact, this.#work.now);
  }

  attribute(name: string): Value | undefined {
    return this.asset && own(this.asset.attributes, name);
  }
}
