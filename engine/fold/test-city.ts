// The city in which the tests of a rule are run.
import type { Asset } from '../model/asset.ts';
import type { Calendar } from '../model/calendar.ts';
import type { NamedCondition } from '../model/rule.ts';

/** Where rules are tested: the assets they stand for, the conditions and the calendars they name. */
export interface TestCity {
  assets: readonly Asset[];
  conditions: readonly NamedCondition[];
  /** Default none. */
  calendars?: readonly Calendar[];
}
