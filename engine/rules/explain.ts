// Why a rule was active for an asset at a moment, or the first thing that kept it from being so.
import { toIso } from '../model/clock.ts';
import type { Activation, ConditionTrace, Truth, Withheld } from '../model/decision.ts';
import type { Explanation, HoldBack } from '../model/explanation.ts';
import { describeStopper, stoppersIn, type Stopper } from './stoppers.ts';

/** What is known of one rule in force for one asset in its scope, at one moment. */
export interface Situation {
  /** As it was decided; `phase` and `since` as they were at that moment. Absent: idle. */
  activation?: Pick<Activation, 'phase' | 'since' | 'activeSince' | 'until'>;
  conditions: { outcome: Truth; trace: ConditionTrace[] };
  /** What `clear` said, if the rule has one. */
  clear?: { outcome: Truth; trace: ConditionTrace[] };
  /** Did json-rules-engine say that the conditions hold? */
  judged: boolean;
  /** What kept the rule back whatever its conditions said; the first counts. */
  holdBacks?: readonly HoldBack[];
  /** What kept its orders and messages back as it became active. */
  withheld?: Withheld;
  /** Its hours, where they kept it idle. */
  stopped?: string;
  /** With `times`: on how many readings the conditions were true, and how many it takes. */
  sightings?: { found: number; wanted: number };
  /** False when not everything that the conditions read is recorded. */
  isRecorded?: boolean;
}

/** An explanation without what the asker knows already: whose, and of when. */
export type Verdict = Pick<
  Explanation,
  'fired' | 'reason' | 'path' | 'sentence' | 'trace' | 'clear' | 'since' | 'until'
>;

/** How many conditions a sentence names. */
const MOST_NAMED = 3;

/**
 * Says what decided.
 *
 * The order is that of the fold: what keeps a rule back, its hours, the conditions, `times`, `for`, json-rules-engine.
 */
export function explain(situation: Situation): Verdict {
  const { activation, conditions, clear, holdBacks = [], stopped, isRecorded = true } = situation;
  const base = { trace: isRecorded ? conditions.trace : [], ...(isRecorded && clear ? { clear: clear.trace } : {}) };
  if (activation && activation.phase !== 'pending') return { ...base, ...whyActive(situation, activation) };
  const [held] = holdBacks;
  if (held) return { ...base, ...keptBack(held) };
  if (stopped !== undefined)
    return { ...base, fired: false, reason: 'outside-hours', path: '/when', sentence: `It was ${stopped}` };
  if (!isRecorded)
    return {
      ...base,
      fired: false,
      reason: 'not-recorded',
      path: '/conditions',
      sentence:
        'It was not active; not everything that its conditions read then is recorded, so what stopped it is not known',
    };
  if (activation) return { ...base, ...stillCounting(activation) };
  return { ...base, ...whyIdle(situation) };
}

type Words = Omit<Verdict, 'trace' | 'clear'>;

function whyActive(
  { conditions, clear, withheld, isRecorded = true }: Situation,
  activation: NonNullable<Situation['activation']>,
): Words {
  const since = activation.activeSince ?? activation.since;
  const began = `It has been active since ${toIso(since)}`;
  const fired = { fired: true, path: '/conditions', since };
  if (activation.phase === 'clearing') {
    const until = activation.until === undefined ? {} : { until: activation.until };
    return {
      ...fired,
      ...until,
      reason: 'clearing',
      path: '/clearFor',
      sentence: `${began} and is clearing since ${toIso(activation.since)}: its end has to hold`,
    };
  }
  const ending = clear ?? conditions;
  if (isRecorded && ending.outcome === 'unknown') {
    const stoppers = stoppersIn(ending.trace);
    return {
      ...fired,
      reason: 'holding',
      path: pathOf(stoppers, clear ? '/clear' : '/conditions'),
      sentence: `${began} and is held although ${inWords(stoppers)}`,
    };
  }
  if (withheld) return { ...fired, ...whyWithheld(withheld, began) };
  return { ...fired, reason: 'active', sentence: `${began}: its conditions held then, and nothing has ended it` };
}

function whyWithheld(
  { reason, until }: Withheld,
  began: string,
): Pick<Words, 'reason' | 'path' | 'sentence' | 'until'> {
  const [path, why] =
    reason === 'cooldown'
      ? ['/cooldown', 'it was cooling down']
      : ['/maxPerHour', 'it had acted as often as it may within an hour'];
  return {
    reason,
    path,
    until,
    sentence: `${began}; its orders and messages were kept back: ${why} until ${toIso(until)}`,
  };
}

function keptBack({ reason, since, until, words }: HoldBack): Words {
  const span = `since ${toIso(since)}${until === undefined ? '' : ` until ${toIso(until)}`}`;
  return {
    fired: false,
    reason,
    path: '',
    sentence: `The rule was ${reason} ${span}: ${words}`,
    since,
    ...(until === undefined ? {} : { until }),
  };
}

function stillCounting({ since, until }: NonNullable<Situation['activation']>): Words {
  const end = until === undefined ? '' : `, until ${toIso(until)}`;
  return {
    fired: false,
    reason: 'counting',
    path: '/for',
    sentence: `Its conditions held, and "for" was still counting since ${toIso(since)}${end}`,
    since,
    ...(until === undefined ? {} : { until }),
  };
}

function whyIdle({ conditions, judged, sightings }: Situation): Words {
  if (conditions.outcome !== true) {
    const stoppers = stoppersIn(conditions.trace);
    return {
      fired: false,
      reason: conditions.outcome === false ? 'false' : 'unknown',
      path: pathOf(stoppers, '/conditions'),
      sentence: inWords(stoppers),
    };
  }
  if (sightings && sightings.found < sightings.wanted)
    return {
      fired: false,
      reason: 'too-few-readings',
      path: '/times',
      sentence: `Its conditions held, so far on ${sightings.found} of ${sightings.wanted} readings`,
    };
  if (!judged)
    return {
      fired: false,
      reason: 'disagreement',
      path: '/conditions',
      sentence: 'The conditions held in three-valued logic, and json-rules-engine said that they did not',
    };
  return {
    fired: false,
    reason: 'not-decided',
    path: '/conditions',
    sentence: 'The conditions held, and no engine had decided on them by then',
  };
}

const pathOf = ([first]: readonly Stopper[], otherwise: string): string => first?.trace.path ?? otherwise;

function inWords(stoppers: readonly Stopper[]): string {
  const named = stoppers.slice(0, MOST_NAMED).map(describeStopper).join('; ');
  const more = stoppers.length - MOST_NAMED;
  return more > 0 ? `${named}; and ${more} more` : named;
}
