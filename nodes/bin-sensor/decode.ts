// What a bin sensor understands: native telemetry, and Smart Data Models WasteContainer.
import { decodePayload } from '../lib/decode.ts';
import { decodeEntity, firstAsset, periodOf, valuesOf } from '../lib/entity.ts';
import { fieldOf } from '../lib/payload.ts';
import type { Decoded } from '../lib/reading.ts';
import type { DecodeContext } from '../lib/telemetry.ts';

/** Decodes a message of level sensors or compactors. */
export const decodeBin = (payload: unknown, context: DecodeContext): Decoded =>
  decodePayload(payload, context, { WasteContainer: decodeContainer });

/** `fillingLevel` is a ratio from 0 to 1, although `binFullnessThreshold` beside it is a percentage. */
function decodeContainer(entity: object, context: DecodeContext): Decoded {
  return decodeEntity(
    entity,
    {
      asset: firstAsset(fieldOf(entity, 'id'), context.asset),
      period: periodOf(entity, 'dateObserved', 'timeInstant', 'TimeInstant', 'binLoggedTime', 'dateModified'),
      values: valuesOf(entity, { fillingLevel: 'fillingLevel', temperature: 'temperature', status: 'status' }),
    },
    context,
  );
}
