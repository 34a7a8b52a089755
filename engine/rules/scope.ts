// Which assets a rule stands for.
import type { Asset } from '../model/asset.ts';
import { isWithin } from '../model/polygon.ts';
import type { Scope } from '../model/rule.ts';

/** Is this asset in the scope? All that the scope states must hold. */
export function inScope(scope: Scope, asset: Asset): boolean {
  return (
    asset.type === scope.type &&
    (scope.ids === undefined || scope.ids.includes(asset.id)) &&
    (scope.zone === undefined || asset.zone === scope.zone) &&
    (scope.tag === undefined || asset.tags.includes(scope.tag)) &&
    (scope.tags === undefined || scope.tags.every((tag) => asset.tags.includes(tag))) &&
    (scope.department === undefined || asset.department === scope.department) &&
    !isExcepted(scope, asset) &&
    isInArea(scope, asset)
  );
}

/** An asset without a location lies in no area. */
function isInArea({ polygon }: Scope, { location }: Asset): boolean {
  return polygon === undefined || (location !== undefined && isWithin(polygon, location.coordinates));
}

function isExcepted({ except }: Scope, asset: Asset): boolean {
  if (except === undefined) return false;
  return Array.isArray(except) ? except.includes(asset.id) : asset.tags.includes(except.tag);
}
