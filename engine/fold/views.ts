// What pages see of the state: small views, made when something changed.
import type { Asset } from '../model/asset.ts';
import type { AssetView, FactView, PointView } from '../model/live.ts';
import type { Point } from '../model/points.ts';
import type { Reading } from '../model/reading.ts';
import type { PointState } from './state.ts';

/** An asset as pages show it. */
export function viewAsset(asset: Asset, online: boolean | undefined): AssetView {
  return {
    id: asset.id,
    type: asset.type,
    title: asset.title,
    department: asset.department,
    ...(asset.zone === undefined ? {} : { zone: asset.zone }),
    ...(asset.location ? { location: asset.location.coordinates } : {}),
    points: Object.keys(asset.points),
    ...(asset.parent === undefined ? {} : { parent: asset.parent }),
    relations: asset.relations,
    attributes: asset.attributes,
    ...(online === undefined ? {} : { online }),
  };
}

/** A property's newest value as pages show it; stale ones are greyed out there. */
export function viewReading(reading: Reading, isStale = false): FactView {
  return {
    asset: reading.asset,
    property: reading.property,
    value: reading.value,
    ...(reading.unit === undefined ? {} : { unit: reading.unit }),
    observedAt: reading.observedAt,
    state: isStale ? 'stale' : reading.quality === 'bad' || reading.quality === 'ahead' ? reading.quality : 'known',
    source: reading.source,
  };
}

/** A point as pages show it. */
export function viewPoint(key: string, point: PointState, declared?: Point): PointView {
  const { reported, arbitration, commandId, waits } = point;
  return {
    point: key,
    ...(reported ? { reported: { value: reported.value, cause: reported.cause, at: reported.at } } : {}),
    arbitration,
    ...(declared ? { afterDeath: declared.afterDeath } : {}),
    ...(commandId === undefined ? {} : { commandId }),
    ...(waits ? { waits } : {}),
  };
}
