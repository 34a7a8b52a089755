// Which asset is drawn where: departments, controllers with their approaches, streets of lamps, bins, and the rest.
import type { AssetView, FactView } from '../../../engine/model/live.ts';

/** An approach and the detectors that watch it. */
export interface ApproachLayout {
  approach: string;
  detectors: readonly string[];
}

/** A controller and its approaches. */
export interface ControllerLayout {
  controller: string;
  approaches: readonly ApproachLayout[];
}

/** Assets of one kind in one zone. `zone` is empty for those without one. */
export interface StreetLayout {
  zone: string;
  assets: readonly string[];
}

/** What one department's panel shows. Every asset of the department is in exactly one place. */
export interface DepartmentLayout {
  department: string;
  controllers: readonly ControllerLayout[];
  lamps: readonly StreetLayout[];
  containers: readonly StreetLayout[];
  /** Everything else, by type. */
  others: readonly { type: string; assets: readonly string[] }[];
}

const byId = (left: AssetView, right: AssetView): number =>
  left.id.localeCompare(right.id, 'en', { numeric: true, sensitivity: 'base' });

/** Sorts the city's assets into panels: departments with controllers first, everything else by name. */
export function layOut(assets: ReadonlyMap<string, AssetView>): DepartmentLayout[] {
  const departments = Map.groupBy([...assets.values()].toSorted(byId), (asset) => asset.department);
  return [...departments]
    .map(([department, own]) => layOutDepartment(department, own, assets))
    .toSorted(
      (left, right) =>
        // Junctions first: what goes wrong there cannot wait.
        Number(right.controllers.length > 0) - Number(left.controllers.length > 0) ||
        left.department.localeCompare(right.department),
    );
}

function layOutDepartment(
  department: string,
  own: readonly AssetView[],
  all: ReadonlyMap<string, AssetView>,
): DepartmentLayout {
  const ofType = (type: string) => own.filter((asset) => asset.type === type);
  const controllers = ofType('TrafficController').map((asset) => layOutController(asset, all));
  const [lamps, containers] = [ofType('Streetlight'), ofType('WasteContainer')];
  const placed = new Set([
    ...controllers.flatMap(({ controller, approaches }) => [
      controller,
      ...approaches.flatMap(({ approach, detectors }) => [approach, ...detectors]),
    ]),
    ...[...lamps, ...containers].map(({ id }) => id),
  ]);
  const rest = Map.groupBy(
    own.filter((asset) => !placed.has(asset.id)),
    (asset) => asset.type,
  );
  return {
    department,
    controllers,
    lamps: byZone(lamps),
    containers: byZone(containers),
    others: [...rest].map(([type, list]) => ({ type, assets: list.map(({ id }) => id) })),
  };
}

const byZone = (assets: readonly AssetView[]): StreetLayout[] =>
  [...Map.groupBy(assets, (asset) => asset.zone ?? '')]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([zone, own]) => ({ zone, assets: own.map(({ id }) => id) }));

/** Relations are named by people: `approach` and `approaches` mean the same. */
const related = (asset: AssetView | undefined, ...names: string[]): string[] =>
  names.flatMap((name) => asset?.relations?.[name] ?? []);

function layOutController(controller: AssetView, all: ReadonlyMap<string, AssetView>): ControllerLayout {
  const approaches = related(controller, 'approach', 'approaches').filter((id) => all.has(id));
  return {
    controller: controller.id,
    approaches: approaches.map((approach) => ({
      approach,
      detectors: related(all.get(approach), 'detector', 'detectors').filter((id) => all.has(id)),
    })),
  };
}

/**
 * The fact that speaks for several assets: the highest known value, otherwise any fact at all.
 *
 * @param facts asset id → property → fact
 */
export function highestFact(
  facts: ReadonlyMap<string, ReadonlyMap<string, FactView>>,
  assets: readonly string[],
  property: string,
): FactView | undefined {
  const found = assets.flatMap((asset) => facts.get(asset)?.get(property) ?? []);
  const known = found.filter((fact) => fact.state === 'known' && typeof fact.value === 'number');
  return known.toSorted((left, right) => Number(right.value) - Number(left.value))[0] ?? found[0];
}
