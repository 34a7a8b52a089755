// Which part of a scope leaves an asset out.
import type { Asset } from '../model/asset.ts';
import { own } from '../model/own.ts';
import { describeFound } from '../model/result.ts';
import type { Scope } from '../model/rule.ts';
import { inScope } from './scope.ts';

/** The part of a scope that an asset does not meet. */
export interface OutOfScope {
  /** JSON pointer into the rule: `/scope/zone`. */
  path: string;
  sentence: string;
}

/** The first part of the scope that leaves the asset out; undefined when it is in scope. */
export function outOfScope(scope: Scope, asset: Asset): OutOfScope | undefined {
  if (inScope(scope, asset)) return undefined;
  if (scope.type !== asset.type) return partOf('type', scope.type, asset);
  // Each part alone is asked of the one function that knows what it means.
  const [key, value] =
    Object.entries(scope).find(
      ([name, part]) => name !== 'each' && !inScope({ type: scope.type, [name]: part }, asset),
    ) ?? [];
  return key === undefined
    ? { path: '/scope', sentence: `${asset.id} is not in the rule’s scope` }
    : partOf(key, value, asset);
}

function partOf(name: string, wanted: unknown, asset: Asset): OutOfScope {
  const path = `/scope/${name}`;
  if (name === 'except') return { path, sentence: `the rule excepts ${asset.id} (${describeFound(wanted)})` };
  if (name === 'polygon') {
    const where = asset.location ? `lies at ${asset.location.coordinates.join(', ')}, outside` : 'has no location';
    return { path, sentence: `the rule stands for a polygon, and ${asset.id} ${where}` };
  }
  const found: unknown = own({ ...asset, ids: asset.id, tag: asset.tags }, name);
  return {
    path,
    sentence: `the rule stands for ${name} ${describeFound(wanted)}, and ${asset.id} has ${describeFound(found)}`,
  };
}
