// What a traffic sensor understands: native telemetry, and Smart Data Models TrafficFlowObserved.
import { problem } from '../../engine/model/result.ts';
import { decodePayload } from '../lib/decode.ts';
import { decodeEntity, firstAsset, parseTime, periodOf, valuesOf, type Period } from '../lib/entity.ts';
import { fieldOf } from '../lib/payload.ts';
import type { Decoded, Observed } from '../lib/reading.ts';
import type { DecodeContext } from '../lib/telemetry.ts';

const HOUR_MS = 3_600_000;

/** Decodes a message of detectors, cameras or stations at the road. */
export const decodeTraffic = (payload: unknown, context: DecodeContext): Decoded =>
  decodePayload(payload, context, { TrafficFlowObserved: decodeTrafficFlow });

/** An observation is no thing of its own: it belongs to the device that it refers to, or to the form's asset. */
function decodeTrafficFlow(entity: object, context: DecodeContext): Decoded {
  const period = flowPeriod(entity);
  const intensity = intensityOf(entity, period);
  return decodeEntity(
    entity,
    {
      asset: firstAsset(fieldOf(entity, 'refDevice'), context.asset),
      period,
      values: [
        ...valuesOf(entity, { occupancy: 'occupancy', averageVehicleSpeed: 'averageVehicleSpeed' }),
        ...(intensity === undefined ? [] : [intensity]),
      ],
      problems: intensity === undefined && hasCount(entity) ? [NO_PERIOD(fieldOf(entity, 'intensity'))] : [],
    },
    context,
  );
}

const hasCount = (entity: object): boolean => typeof fieldOf(entity, 'intensity') === 'number';

const NO_PERIOD = (found: unknown) =>
  problem(
    'payload-period',
    '/intensity',
    found,
    'it counts the vehicles of a period, so dateObservedFrom and dateObservedTo are needed',
  );

function flowPeriod(entity: object): Period | undefined {
  const from = parseTime(fieldOf(entity, 'dateObservedFrom'));
  const to = parseTime(fieldOf(entity, 'dateObservedTo'));
  if (from !== undefined && to !== undefined && to >= from) return { from, to };
  return periodOf(entity, 'dateObserved', 'dateObservedTo');
}

/** The model counts vehicles of the period; the city speaks of vehicles per hour. */
function intensityOf(entity: object, period: Period | undefined): Observed | undefined {
  const count = fieldOf(entity, 'intensity');
  if (count === undefined || count === null) return undefined;
  if (typeof count !== 'number') return { property: 'intensity', raw: count, path: '/intensity' };
  const lengthMs = period ? period.to - period.from : 0;
  if (lengthMs === 0) return undefined;
  return { property: 'intensity', raw: Number(((count * HOUR_MS) / lengthMs).toFixed(6)), path: '/intensity' };
}
