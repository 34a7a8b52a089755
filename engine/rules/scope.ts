// Which assets a rule stands for.
import type { Asset } from '../model/asset.ts';
import type { Scope } from '../model/rule.ts';

/** Is this asset in the scope? All that the scope states must hold. */
export function inScope(scope: Scope, asset: Asset): boolean {
  return (
    asset.type === scope.type &&
    (scope.ids === undefined || scope.ids.includes(asset.id)) &&
    (scope.zone === undefined || asset.zone === scope.zone) &&
    (scope.tag === undefined || asset.tags.includes(scope.tag)) &&
    (scope.department === undefined || asset.department === scope.department) &&
    !isExcepted(scope, asset)
  );
}

function isExcepted({ except }: Scope, asset: Asset): boolean {
  if (except === undefined) return false;
  return Array.isArray(except) ? except.includes(asset.id) : asset.tags.includes(except.tag);
}
