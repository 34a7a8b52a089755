// Two payloads as Smart Data Models write them (key-values), for gateways that do not speak the contract's own form.
import type { Asset } from '../../../engine/model/asset.ts';
import { toIso, type Instant } from '../../../engine/model/clock.ts';
import type { Value } from '../../../engine/model/value.ts';

/**
 * `TrafficFlowObserved` of one detector. The asset is in `refDevice`; `intensity` counts the vehicles between
 * `dateObservedFrom` and `dateObservedTo`.
 */
export function trafficFlowObserved(
  detector: Asset,
  readings: Readonly<Record<string, Value>>,
  { observedAt, periodMs }: { observedAt: Instant; periodMs: number },
): Record<string, unknown> {
  const from = toIso(observedAt - periodMs);
  const to = toIso(observedAt);
  return {
    id: detector.id.replace(':Detector:', ':TrafficFlowObserved:'),
    type: 'TrafficFlowObserved',
    refDevice: [detector.id],
    dateObserved: `${from}/${to}`,
    dateObservedFrom: from,
    dateObservedTo: to,
    laneId: 1,
    ...(detector.location && { location: detector.location }),
    ...readings,
  };
}

/** `WasteContainer`: the asset is the entity itself, seen at `binLoggedTime`. */
export const wasteContainer = (
  container: Asset,
  readings: Readonly<Record<string, Value>>,
  observedAt: Instant,
): Record<string, unknown> => ({
  id: container.id,
  type: 'WasteContainer',
  ...(container.location && { location: container.location }),
  storedWasteKind: 'other',
  binFullnessThreshold: Math.round(Number(container.attributes['fullAt'] ?? 1) * 100),
  binLoggedTime: toIso(observedAt),
  ...readings,
});
