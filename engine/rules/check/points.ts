// A point as an action or a condition names it: whose can be meant, and which values does it take?
import { own } from '../../model/own.ts';
import { pointsOf as declaredBy } from '../../model/asset.ts';
import { needsTwoPeople, POINTS } from '../../model/points.ts';
import type { Value, ValueType } from '../../model/value.ts';
import type { RuleCatalogue } from './catalogue.ts';
import type { Checking } from './findings.ts';
import { inWords, knowledgeOf, type Whom } from './whom.ts';
import { nearest, oneOf } from '../../model/words.ts';

/** The values that a point takes, refused at `path` where no asset that is meant has it. */
export function typesOfPoint(
  point: string,
  of: Whom,
  { path, checking }: { path: string; checking: Checking },
): ValueType[] | undefined {
  const points = pointsOf(of, checking.catalogue);
  const found = points.flatMap(([name, types]) => (name === point ? types : []));
  if (found.length > 0) return found;
  const names = points.map(([name]) => name);
  const allowed = `${inWords(of.types)} has no point "${point}"; ${oneOf(names)}`;
  checking.findings.refuse({
    code: 'rule-point',
    path,
    found: point,
    allowed,
    fix: nearest(point, names),
  });
  return undefined;
}

/** Does the value need two people at every one of the points that are meant? */
export function needsTwoOf(
  { types }: Pick<Whom, 'types'>,
  point: string,
  value: Value,
  catalogue: RuleCatalogue,
): boolean {
  const ofAssets = knowledgeOf(types, catalogue).flatMap(({ assets }) =>
    assets.flatMap((asset) => own(declaredBy(asset), point) ?? []),
  );
  const ofTypes = [...(types ?? [])].flatMap((type) => own(own(POINTS, type) ?? {}, point) ?? []);
  const meant = ofAssets.length > 0 ? ofAssets : ofTypes;
  return meant.length > 0 && meant.every((one) => needsTwoPeople(value, one));
}

/** What schedules and response plans ask about points by an asset type: which values they take, and which need two people. */
export const pointsByType = (catalogue: RuleCatalogue) => ({
  pointTypes: (type: string, point: string): readonly ValueType[] | undefined =>
    catalogue.types.get(type)?.points.get(point),
  needsTwo: (type: string, point: string, value: Value): boolean =>
    needsTwoOf({ types: new Set([type]) }, point, value, catalogue),
});

/** What assets of these types have; where there are none yet, what the model says of the type, or of all. */
function pointsOf({ types }: Whom, catalogue: RuleCatalogue): [string, readonly ValueType[]][] {
  const known = knowledgeOf(types, catalogue);
  if (known.length > 0) return known.flatMap(({ points }) => [...points]);
  const declared = [...(types ?? [])].flatMap((type) => {
    const points = own(POINTS, type);
    return points ? [points] : [];
  });
  return (declared.length === 0 ? Object.values(POINTS) : declared).flatMap((points) =>
    Object.entries(points).map(([name, { value }]): [string, ValueType[]] => [name, [value]]),
  );
}
