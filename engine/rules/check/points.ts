// A point as an action or a condition names it: whose can be meant, and which values does it take?
import { own } from '../../model/own.ts';
import { POINTS } from '../../model/points.ts';
import type { ValueType } from '../../model/value.ts';
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
