// The assets that a rule stands for: none today is worth a warning, a relation that nobody has is a mistake.
import type { Scope } from '../../model/rule.ts';
import type { Checking } from './findings.ts';
import { list, nearest } from '../../model/words.ts';
import { whom } from './whom.ts';

/** Checks a scope whose form is right. */
export function checkScope(scope: Scope, checking: Checking): void {
  const { catalogue, findings } = checking;
  const { type, each } = scope;
  const known = catalogue.types.get(type);
  const place = { code: 'rule-no-assets', path: '/scope', found: scope };
  if (!known) {
    const types = [...catalogue.types.keys()];
    const allowed = `the rule applies to 0 assets: there is no ${type} yet; types with assets: ${list(types)}`;
    return findings.warn({ ...place, path: '/scope/type', found: type, allowed, fix: nearest(type, types) });
  }
  const assets = checking.subject?.assets ?? [];
  if (assets.length === 0)
    findings.warn({ ...place, allowed: `the rule applies to 0 assets: none of the ${known.assets.length} fits` });
  if (each === undefined) return;
  const isRelation = whom(each, '/scope/each', { ...checking, subject: { type } }) !== undefined;
  if (isRelation && assets.length > 0 && assets.every(({ relations }) => (relations[each] ?? []).length === 0))
    findings.warn({
      ...place,
      path: '/scope/each',
      found: each,
      allowed: 'the rule applies to 0 assets: none has any',
    });
}
