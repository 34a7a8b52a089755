// Whose assets a claim is made on: a rule claims those of its own department only.
import { may } from '../../model/actor.ts';
import type { Asset } from '../../model/asset.ts';
import { parseOf } from '../../model/of.ts';
import type { Checking } from './findings.ts';
import type { LooseClaim } from './loose.ts';
import { list } from '../../model/words.ts';

/**
 * Warns of assets of other departments: there the claim is refused whenever the rule starts. No mistake in itself, for
 * assets change hands.
 *
 * @param path JSON pointer of the claim
 */
export function checkOwners({ of, point, unclear }: LooseClaim, path: string, checking: Checking): void {
  const { department, findings } = checking;
  if (department === '' || point === undefined || unclear?.has('of') === true) return;
  const meant = assetsMeant(of ?? 'self', checking).filter(({ points }) => Object.hasOwn(points, point));
  const isOwn = (asset: Asset): boolean =>
    may({ kind: 'rule', id: department, roles: {} }, 'claim', asset.department).allowed;
  const foreign = meant.filter((asset) => !isOwn(asset));
  // Which of them are near is known where they stand; that none can be is known here.
  const isNear = of !== undefined && parseOf(of)?.kind === 'near';
  if (foreign.length === 0 || (isNear && foreign.length < meant.length)) return;
  const owners = list(foreign.map((asset) => asset.department));
  const share = foreign.length === meant.length ? 'all of them' : `${foreign.length} of ${meant.length}`;
  const allowed = `these assets, ${share}, belong to ${owners}: a rule of ${department} claims only what is ${department}’s, and there the claim is refused`;
  findings.warn({
    code: 'rule-department',
    path: of === undefined ? `${path}/point` : `${path}/of`,
    found: of ?? point,
    allowed,
  });
}

/** The assets of today that an `of` means for the assets in the scope; of a distance every asset of its type. */
function assetsMeant(of: string, { subject, catalogue }: Checking): readonly Asset[] {
  const read = parseOf(of);
  const inScope = subject?.assets ?? [];
  const ofType = (type: string): readonly Asset[] => catalogue.types.get(type)?.assets ?? [];
  switch (read?.kind) {
    case 'self':
      return inScope;
    case 'relations': {
      const follow = (assets: readonly Asset[], relation: string): Asset[] => {
        const ids = new Set(assets.flatMap(({ relations }) => relations[relation] ?? []));
        return [...ids].flatMap((id) => catalogue.assets.get(id) ?? []);
      };
      return read.relations.reduce<readonly Asset[]>(follow, inScope);
    }
    case 'zone':
      return ofType(read.type).filter(({ zone }) => zone === read.zone);
    case 'near':
      return ofType(read.type);
    case 'asset': {
      const asset = catalogue.assets.get(read.id);
      return asset ? [asset] : [];
    }
    case undefined:
      return [];
  }
}
