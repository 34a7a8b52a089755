// Which devices the town has: one per binding of its assets, each of the kind that its assets ask for.
import type { Asset } from '../../../engine/model/asset.ts';
import type { FieldAddress } from '../../../engine/model/field.ts';
import type { BehaviourMaker } from './behaviour.ts';
import { BinGatewayDevice, type BinForm } from './devices/bin-gateway-device.ts';
import { CabinetDevice } from './devices/cabinet-device.ts';
import { CompactorDevice } from './devices/compactor-device.ts';
import { JunctionDevice } from './devices/junction-device.ts';
import { StationDevice } from './devices/station-device.ts';
import type { Town } from './town.ts';

/** Detectors of these junctions speak Smart Data Models. */
const FOREIGN_JUNCTIONS = new Set(['J1', 'J2']);
/** How each street's container gateway writes. */
const BIN_FORMS: Readonly<Record<string, BinForm>> = {
  'bins-harbour-street': 'smart-data-models',
  'bins-river-path': 'percent',
};

/** A device that is to be simulated. */
export interface DevicePlan {
  address: FieldAddress;
  assets: Asset[];
  behaviour: BehaviourMaker;
}

/** The devices behind these assets. Assets without a binding have none. */
export function planDevices(assets: readonly Asset[], town: Town): DevicePlan[] {
  const plans = new Map<string, { address: FieldAddress; assets: Asset[] }>();
  for (const asset of assets) {
    if (!asset.binding) continue;
    const address = { department: asset.department, device: asset.binding.device };
    const key = `${address.department}/${address.device}`;
    const plan = plans.get(key) ?? { address, assets: [] };
    plan.assets.push(asset);
    plans.set(key, plan);
  }
  return [...plans.values()].map((plan) => ({ ...plan, behaviour: kindOf(plan, town) }));
}

function kindOf({ address, assets }: { address: FieldAddress; assets: Asset[] }, town: Town): BehaviourMaker {
  const controller = assets.find(({ type }) => type === 'TrafficController');
  if (controller) {
    const form = FOREIGN_JUNCTIONS.has(address.device) ? 'smart-data-models' : 'native';
    return (context) => new JunctionDevice(context, { controller, assets, town, form });
  }
  if (assets.some(({ type }) => type === 'StreetlightControlCabinet'))
    return (context) => new CabinetDevice(context, assets, town);
  const compactor = assets.find(({ points }) => 'compaction' in points);
  if (compactor) return (context) => new CompactorDevice(context, compactor, town);
  if (assets.every(({ type }) => type === 'WasteContainer'))
    return (context) => new BinGatewayDevice(context, assets, { town, form: BIN_FORMS[address.device] ?? 'native' });
  const [station] = assets;
  if (station === undefined) throw new RangeError(`device ${address.device} has no assets`);
  return (context) => new StationDevice(context, station);
}
