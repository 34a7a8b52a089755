// What a light sensor understands: native telemetry of the lighting department, and Smart Data Models Streetlight.
import { decodePayload } from '../lib/decode.ts';
import { decodeEntity, firstAsset, periodOf, valuesOf } from '../lib/entity.ts';
import { fieldOf } from '../lib/payload.ts';
import type { Decoded, Observed } from '../lib/reading.ts';
import type { DecodeContext } from '../lib/telemetry.ts';

/** Decodes a message of light or motion sensors, of lamps, or of stations beside the road. */
export const decodeLight = (payload: unknown, context: DecodeContext): Decoded =>
  decodePayload(payload, context, { Streetlight: decodeStreetlight });

/** The model states no unit for powerConsumption; lamps report watts. */
function decodeStreetlight(entity: object, context: DecodeContext): Decoded {
  const failure = failureOf(entity);
  return decodeEntity(
    entity,
    {
      asset: firstAsset(fieldOf(entity, 'id'), context.asset),
      period: periodOf(entity, 'dateObserved', 'observationDateTime', 'timeInstant', 'TimeInstant', 'dateModified'),
      values: [...valuesOf(entity, { powerConsumption: 'activePower' }), ...(failure === undefined ? [] : [failure])],
    },
    context,
  );
}

/** Only what the status says about the lamp itself: a broken lantern or column leaves the lamp unknown. */
function failureOf(entity: object): Observed | undefined {
  const status = fieldOf(entity, 'status');
  if (status !== 'ok' && status !== 'defectiveLamp') return undefined;
  return { property: 'lampFailure', raw: status === 'defectiveLamp', path: '/status' };
}
