// How each fact of the registry is read, and which changes of the city concern it.
import type { Asset } from '../model/asset.ts';
import type { FactParams } from '../model/condition.ts';
import { toIso } from '../model/clock.ts';
import { durationMs } from '../model/duration.ts';
import { isFactName, type FactName } from '../model/facts.ts';
import { localTimeAt } from '../model/local-time.ts';
import { own } from '../model/own.ts';
import type { Value } from '../model/value.ts';
import { minuteOfDay, whenClocksShow } from './clocks.ts';
import { NEVER, unknown, type FactReading, type FactSource } from './fact-source.ts';
import { kindOfDay } from './holidays.ts';
import { nextStep } from './steps.ts';
import { sunElevation, sunElevationChanges, sunIsUp, type Place } from './sun.ts';

/** A fact that is no property. */
export interface CityFact {
  /** Reads it for one asset. */
  read(source: FactSource, asset: Asset, params: FactParams): FactReading;
  /** What of the asset it looks at, as `concernOf` names it; undefined when only time and documents change it. */
  concern(params: FactParams): string | undefined;
}

const MINUTES_OF_A_DAY = 1_440;

const nothing = (): undefined => undefined;
const nameIn = ({ name = '' }: FactParams): string => name;

/** By name, for every one of `FACTS`. */
export const CITY_FACTS: Readonly<Record<FactName, CityFact>> = {
  attribute: { read: readAttribute, concern: nothing },
  'sun.elevation': {
    concern: nothing,
    read: (source, asset, params) =>
      atPlaceOf(asset, (place) =>
        known(sunElevation(place, source.now), {
          unit: 'deg',
          changesAt: sunElevationChanges(place, source.now, limitsOf(source, params)),
        }),
      ),
  },
  'sun.isUp': {
    concern: nothing,
    read: ({ now }, asset) =>
      atPlaceOf(asset, (place) => {
        const { isUp, changesAt } = sunIsUp(place, now);
        return known(isUp, { changesAt });
      }),
  },
  'time.local': { read: readTime, concern: nothing },
  calendar: { read: readCalendar, concern: nothing },
  'calendar.includes': { read: readDayOfCalendar, concern: nothing },
  silentFor: { read: readSilence, concern: nameIn },
  reported: { read: readReported, concern: (params) => reportedConcern(nameIn(params)) },
  desired: { read: readDesired, concern: (params) => desiredConcern(nameIn(params)) },
  activation: { read: readActivation, concern: (params) => activationConcern(nameIn(params)) },
};

/** What a change must concern, together with the asset, for a fact to be looked at again; undefined for what none concerns. */
export const concernOf = (fact: string, params: FactParams): string | undefined =>
  isFactName(fact) ? CITY_FACTS[fact].concern(params) : fact;

/** The concern of a point's report. A property's concern is its name, which has no colon. */
export const reportedConcern = (point: string): string => `reported:${point}`;

/** The concern of what is wanted of a point. */
export const desiredConcern = (point: string): string => `desired:${point}`;

/** The concern of what a rule is for an asset. */
export const activationConcern = (rule: string): string => `activation:${rule}`;

const known = (value: Value, behind: { changesAt?: number; unit?: string; observedAt?: number }): FactReading => ({
  known: true,
  value,
  readings: [],
  changesAt: NEVER,
  ...behind,
});

function readAttribute(_source: FactSource, asset: Asset, params: FactParams): FactReading {
  const value = own(asset.attributes, nameIn(params));
  return value === undefined ? unknown(`${asset.id} has no attribute ${nameIn(params)}`) : known(value, {});
}

function atPlaceOf(asset: Asset, read: (place: Place) => FactReading): FactReading {
  return asset.location ? read(asset.location.coordinates) : unknown(`${asset.id} has no location`);
}

function readTime({ now, limits, timeZone = 'UTC' }: FactSource): FactReading {
  const minute = minuteOfDay(now, timeZone);
  const next = Math.min(nextStep(minute, limits) ?? MINUTES_OF_A_DAY, MINUTES_OF_A_DAY);
  return known(minute, { unit: 'min', changesAt: whenClocksShow(next, now, timeZone) });
}

function readCalendar({ now, timeZone = 'UTC', holidays }: FactSource): FactReading {
  const { date } = localTimeAt(now, timeZone);
  return known(kindOfDay(holidays, date), { changesAt: whenClocksShow(MINUTES_OF_A_DAY, now, timeZone) });
}

function readDayOfCalendar(
  { now, timeZone = 'UTC', inCalendar }: FactSource,
  _: Asset,
  params: FactParams,
): FactReading {
  const name = nameIn(params);
  const changesAt = whenClocksShow(MINUTES_OF_A_DAY, now, timeZone);
  const isDay = inCalendar?.(name, localTimeAt(now, timeZone).date);
  return isDay === undefined ? unknown(`the calendar ${name} cannot say`, changesAt) : known(isDay, { changesAt });
}

function readSilence(source: FactSource, asset: Asset, params: FactParams): FactReading {
  const fact = source.fact(asset.id, nameIn(params));
  if (!fact) return unknown(`${nameIn(params)} of ${asset.id} was never seen`);
  const { observedAt, id } = fact.reading;
  // A clock that runs ahead of ours makes no negative silence.
  const seconds = Math.max(0, Math.floor((source.now - observedAt) / 1_000));
  const next = nextStep(seconds, limitsOf(source, params));
  const changesAt = next === undefined ? NEVER : observedAt + next * 1_000;
  return { known: true, value: seconds, unit: 's', observedAt, readings: [id], changesAt };
}

function readReported(source: FactSource, asset: Asset, params: FactParams): FactReading {
  const said = source.point?.(asset.id, nameIn(params))?.reported;
  const what = `${nameIn(params)} of ${asset.id}`;
  if (!said) return unknown(`${what} was never reported`);
  const { value, at } = said;
  if (at === undefined) return known(value, {});
  const goodUntil = params.maxAge === undefined ? NEVER : at + durationMs(params.maxAge);
  if (source.now >= goodUntil) return unknown(`${what} is stale: last reported ${toIso(at)}`);
  return known(value, { observedAt: at, changesAt: goodUntil });
}

function readDesired(source: FactSource, asset: Asset, params: FactParams): FactReading {
  const value = source.point?.(asset.id, nameIn(params))?.desired;
  return value === undefined ? unknown(`nothing is wanted of ${nameIn(params)} of ${asset.id}`) : known(value, {});
}

function readActivation(source: FactSource, asset: Asset, params: FactParams): FactReading {
  const state = source.activation?.(nameIn(params), asset.id);
  return state === undefined ? unknown(`there is no rule ${nameIn(params)}`) : known(state, {});
}

/** What comes of several assets by an average meets a limit at other times than each of them does. */
function limitsOf({ limits }: FactSource, { across }: FactParams): readonly number[] | undefined {
  return across === undefined || across === 'min' || across === 'max' ? limits : undefined;
}
