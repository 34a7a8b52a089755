// The facts that conditions may read beside the properties of assets: one registry for checks, completion and documentation.
import type { Comparison, FactParams } from './condition.ts';
import type { ValueType } from './value.ts';

/** What `params.name` of a fact names. */
export type FactSubject = 'attribute' | 'property' | 'point' | 'rule' | 'calendar';

/** One fact as an author sees it; `engine/facts/city-facts.ts` reads it. */
export interface FactNote {
  description: string;
  /** What its values are; absent when they are those of the attribute or the point that is named. */
  value?: ValueType;
  /** What `params.name` names, and then it must be there; absent when the fact takes no name. */
  names?: FactSubject;
  /** The other params that it takes. */
  takes: readonly Exclude<keyof FactParams, 'name'>[];
  /** When its value changes by itself or by what. */
  changes: string;
  example: Comparison;
}

const number = (unit: string, min: number, max: number, integer = true): ValueType => ({
  type: 'number',
  unit,
  min,
  max,
  integer,
});

/** The kinds of day that `calendar` knows; a public holiday is one on whichever day of the week. */
export const CALENDAR_DAYS = ['workday', 'saturday', 'sunday', 'holiday'] as const;
export type CalendarDay = (typeof CALENDAR_DAYS)[number];

/** What a rule can be for an asset: counting its `for` is pending; clearing is still active. */
export const ACTIVATION_STATES = ['active', 'pending', 'none'] as const;
export type ActivationState = (typeof ACTIVATION_STATES)[number];

/** The names of the registry. */
export const FACT_NAMES = [
  'attribute',
  'sun.elevation',
  'sun.isUp',
  'time.local',
  'calendar',
  'calendar.includes',
  'silentFor',
  'reported',
  'desired',
  'activation',
] as const;
export type FactName = (typeof FACT_NAMES)[number];

/** Every fact that is no property. */
export const FACTS: Readonly<Record<FactName, FactNote>> = {
  attribute: {
    description: 'A fixed attribute of an asset; params.name says which',
    names: 'attribute',
    takes: ['of', 'across'],
    changes: 'when the asset’s document changes',
    example: { fact: 'attribute', params: { name: 'lanes' }, operator: 'greaterThan', value: 1 },
  },
  'sun.elevation': {
    description:
      'Degrees of the sun’s centre above the asset’s horizon, without refraction: -0.83 at sunrise and sunset, -6 at the end of civil twilight; unknown without a location',
    value: number('deg', -90, 90, false),
    takes: ['of', 'across'],
    changes: 'at whole minutes of UTC',
    example: { fact: 'sun.elevation', operator: 'lessThan', value: -6 },
  },
  'sun.isUp': {
    description: 'Is it between sunrise and sunset where the asset stands? Unknown without a location',
    value: { type: 'boolean' },
    takes: ['of', 'across'],
    changes: 'at sunrise and sunset: the sun’s upper edge on a flat horizon, with refraction',
    example: { fact: 'sun.isUp', operator: 'equal', value: false },
  },
  'time.local': {
    description: 'Whole minutes since midnight on the city’s clocks: 390 is 06:30',
    value: number('min', 0, 1_439),
    takes: [],
    changes: 'every minute; it leaps where the clocks are changed',
    example: { fact: 'time.local', operator: 'greaterThanInclusive', value: 390 },
  },
  calendar: {
    description: 'What kind of day it is in the city; public holidays where the city’s settings name a region',
    value: { type: 'word', words: [...CALENDAR_DAYS] },
    takes: [],
    changes: 'at midnight on the city’s clocks',
    example: { fact: 'calendar', operator: 'in', value: ['sunday', 'holiday'] },
  },
  'calendar.includes': {
    description: 'Is today one of the days of the calendar params.name? Unknown when there is no such calendar',
    value: { type: 'boolean' },
    names: 'calendar',
    takes: [],
    changes: 'at midnight on the city’s clocks, and when the calendar changes',
    example: { fact: 'calendar.includes', params: { name: 'traffic/market-days' }, operator: 'equal', value: true },
  },
  silentFor: {
    description:
      'Whole seconds since the newest reading of the property params.name; known also when that is stale or bad, unknown when it was never seen',
    value: number('s', 0, 31_622_400),
    names: 'property',
    takes: ['of', 'across'],
    changes: 'every second, and with each newer reading',
    example: { fact: 'silentFor', params: { name: 'waterLevel' }, operator: 'greaterThan', value: 900 },
  },
  reported: {
    description: 'What the device last said of its point params.name; unknown before it has',
    names: 'point',
    takes: ['of', 'across', 'maxAge'],
    changes: 'with the device’s reports',
    example: { fact: 'reported', params: { name: 'timePlan' }, operator: 'notEqual', value: 3 },
  },
  desired: {
    description: 'What the arbiter wants of the point params.name; unknown while nothing is wanted',
    names: 'point',
    takes: ['of', 'across'],
    changes: 'with the claims on the point',
    example: { fact: 'desired', params: { name: 'level' }, operator: 'greaterThan', value: 0.5 },
  },
  activation: {
    description:
      'Is the rule params.name active for the asset, or pending while it counts its "for"? Unknown when there is no such rule',
    value: { type: 'word', words: [...ACTIVATION_STATES] },
    names: 'rule',
    takes: ['of'],
    changes: 'when that rule starts counting, starts or ends',
    example: { fact: 'activation', params: { name: 'traffic/queue-relief' }, operator: 'equal', value: 'active' },
  },
};

/** Is this one of the registry? Everything else is a property. */
export const isFactName = (name: string): name is FactName => Object.hasOwn(FACTS, name);
