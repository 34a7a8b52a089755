// Whether a point is as it is wanted now, and what it does while nobody wants anything of it. Pure.
import type { CommandRecord } from '../../../engine/model/command.ts';
import type { PointView } from '../../../engine/model/live.ts';
import type { Value } from '../../../engine/model/value.ts';
import type { Manner } from '../format/format.ts';
import type { Texts } from '../texts/en.ts';
import { stateOf, type CityState } from './city-state.ts';
import { partsOfPoint, pointValue, typeOfPoint } from './words.ts';

/** Two percent: as much as a lamp's report may be off and still prove its level (engine/model/points.ts). */
const SHOWN_TOLERANCE = 0.02;

/**
 * The meters that prove a point: what they read is the value × the asset's attribute, within a share of it. A test keeps
 * them equal to engine/model/points.ts, which would bring its schemas into the page.
 */
export const METERS: Readonly<Record<string, { property: string; per: string; tolerance: number }>> = {
  'Streetlight#level': { property: 'activePower', per: 'watts', tolerance: 0.15 },
};

/** Does what is reported differ from what is wanted? Nothing wanted never differs. */
export function differs(point: PointView): boolean {
  const { want } = point.arbitration;
  return !('release' in want) && !looksSame(point.reported?.value, want.value);
}

/**
 * Does the newest state show that the point is as wanted, however the newest command ended? A command that nothing proved
 * in time stays unverified; what was reported and measured since may prove the point all the same.
 *
 * @param record the point's newest command: only what came after it was issued counts
 */
export function isAsWanted(
  city: Pick<CityState, 'assets' | 'facts'>,
  point: PointView,
  { command: { issuedAt } }: CommandRecord,
): boolean {
  const { reported, arbitration } = point;
  if (!reported || reported.at < issuedAt) return false;
  if ('release' in arbitration.want) return reported.cause !== 'command';
  return !differs(point) && isMeasured(city, point.point, { value: arbitration.want.value, issuedAt });
}

/** What a point does that nobody holds: its own programme, or still what it was told. */
export function unheldInWords(
  manner: Manner,
  texts: Texts,
  { point, reported }: PointView,
  newest: CommandRecord | undefined,
): string {
  if (reported?.cause !== 'command') return texts.point.ownProgramme;
  const still = texts.point.stillCommanded(pointValue(manner, texts, partsOfPoint(point).point, reported.value));
  const isRelease = newest !== undefined && 'release' in newest.command.want;
  return isRelease ? `${still}, ${texts.point.released} ${texts.states[stateOf(newest)]}` : still;
}

/** Without a meter the device's word is all there is. */
function isMeasured(
  { assets, facts }: Pick<CityState, 'assets' | 'facts'>,
  key: string,
  { value, issuedAt }: { value: Value; issuedAt: number },
): boolean {
  const { asset } = partsOfPoint(key);
  const meter = METERS[typeOfPoint(key)];
  const full = meter && assets.get(asset)?.attributes?.[meter.per];
  if (!meter || typeof full !== 'number' || typeof value !== 'number') return true;
  const fact = facts.get(asset)?.get(meter.property);
  if (fact?.state !== 'known' || !fact.source.startsWith('adapter:') || fact.observedAt < issuedAt) return false;
  return typeof fact.value === 'number' && Math.abs(fact.value - value * full) <= meter.tolerance * full;
}

const looksSame = (left: Value | undefined, right: Value): boolean =>
  typeof left === 'number' && typeof right === 'number' ? Math.abs(left - right) <= SHOWN_TOLERANCE : left === right;
