// What happened before an instant, folded again from the record: the same code that decided then looks at it once more.
import type { Activation, Decision } from '../model/decision.ts';
import type { DocumentInput, LogEntry } from '../model/input.ts';
import type { Reading } from '../model/reading.ts';
import type { Examination } from './activations.ts';
import type { Beside } from './fact-reading.ts';
import type { DatedInput } from './past-halts.ts';
import { Fold } from './fold.ts';
import { cellsOf } from './tables.ts';
import type { FoldSettings } from './work.ts';

/** A document's version and when it came into force, milliseconds since the epoch. */
export interface DatedDocument {
  at: number;
  document: DocumentInput;
}

/** A stretch of the past of one rule for one asset. */
export interface Stretch {
  /** `<rule>|<asset>|<related>` */
  key: string;
  /** Everything that the rule and its facts need; assets and conditions before the rules that use them. */
  documents: readonly DatedDocument[];
  /** What kept the rule back, or let it go on. */
  halts: readonly DatedInput[];
  /** Readings of every fact that the rule reads. */
  readings: readonly Reading[];
  /** The decision that held at `from`, if the rule was active then. */
  activeBy?: Decision;
  settings: Partial<FoldSettings>;
  /** What stands for points and other rules at its end. */
  beside?: Beside;
  /**
   * What was known earlier enters here: years of timers would fire otherwise. Facts age by when they were observed.
   * Milliseconds since the epoch, as are the following.
   */
  since: number;
  /** The state is as it was decided here, and wanted at `to`. */
  from: number;
  to: number;
}

/** Folds a stretch and looks at the instance at its end; undefined when the rule does not stand for the asset. Nothing leaves the fold. */
export async function recount(stretch: Stretch): Promise<Examination | undefined> {
  const before = new Player(stretch.settings);
  const items = itemsOf(stretch);
  for (const { at, input } of items) if (at <= stretch.from) await before.play(at, input);
  const cells = new Map<string, string>();
  for (const [cell, text] of cellsOf(before.fold.drain()))
    if (text !== undefined && !isOutcome(cell)) cells.set(cell, text);
  const { activeBy } = stretch;
  if (activeBy) cells.set(`activation:${stretch.key}`, JSON.stringify(activationBy(activeBy)));
  const after = new Player(stretch.settings);
  after.fold.restore(`${stretch.from}-0`, cells);
  for (const { at, input } of items) if (at > stretch.from) await after.play(at, input);
  await after.play(stretch.to, { kind: 'tick' });
  return after.fold.examine(stretch.key, stretch.beside);
}

/** What the first part of the stretch came to is replaced by what was decided at the time. */
const isOutcome = (cell: string): boolean => /^(activation|sighting|claim|command|point):/.test(cell);

function activationBy(decision: Decision): Activation {
  const { rule, ruleVersion, asset, related, row, at, decisionId } = decision;
  return {
    rule,
    ruleVersion,
    asset,
    ...(related === undefined ? {} : { related }),
    ...(row === undefined ? {} : { row }),
    phase: 'active',
    since: at,
    activeSince: at,
    decisionId,
  };
}

/** In the order in which they came to be known; documents of one instant stay in theirs, before halts, and these before readings. */
function itemsOf({ documents, halts, readings, since, to }: Stretch): DatedInput[] {
  const items = [
    ...documents.map(({ at, document }): DatedInput => ({ at, input: { kind: 'document', document } })),
    ...halts,
    ...readings.map((reading): DatedInput => ({
      at: reading.receivedAt,
      input: { kind: 'readings', readings: [reading] },
    })),
  ];
  return items
    .filter(({ at }) => at <= to)
    .toSorted((left, right) => left.at - right.at)
    .map(({ at, input }) => ({ at: Math.max(at, since), input }));
}

/** A fold whose outputs go nowhere. */
class Player {
  readonly fold: Fold;
  #entries = 0;

  constructor(settings: Partial<FoldSettings>) {
    this.fold = new Fold(settings);
  }

  async play(at: number, input: LogEntry['input']): Promise<void> {
    this.#entries += 1;
    await this.fold.apply({ id: `${at}-${this.#entries}`, at, input });
  }
}
