// Checks what a flow asks of a point, as if it came from a stranger.
import { may, type Actor } from '../../engine/model/actor.ts';
import { pointsOf } from '../../engine/model/asset.ts';
import { check } from '../../engine/model/check.ts';
import { SLOTS } from '../../engine/model/claim.ts';
import { pointRequestSchema, type PointRequest } from '../../engine/model/input.ts';
import { splitPointKey } from '../../engine/model/names.ts';
import { needsTwoPeople } from '../../engine/model/points.ts';
import { ok, problem, type Problem, type Result } from '../../engine/model/result.ts';
import { misfit } from '../../engine/model/value.ts';
import type { AssetDirectory } from '../asset-directory.ts';

/** A department's flows as an actor: they act in their own department, and hold no roles. */
export const flowActor = (department: string): Actor => ({ kind: 'flow', id: department, roles: {} });

/** Who asks, and what exists. */
export interface RequestContext {
  department: string;
  directory: AssetDirectory;
}

/**
 * @returns the request, or all problems: `schema`, `unknown-point`, `forbidden`, `owner`, `slot`, `point-value`, `two-people`
 */
export function checkRequest(raw: unknown, { department, directory }: RequestContext): Result<PointRequest> {
  const checked = check(pointRequestSchema, raw);
  if (!checked.ok) return checked;
  const request = checked.value;
  const { asset: id, point: name } = splitPointKey(request.point);
  const asset = directory.get(id);
  const point = asset && pointsOf(asset)[name];
  if (!asset || !point) {
    const allowed = `allowed is <asset id>#<point> of an asset that has it${pointNames(asset && Object.keys(asset.points))}`;
    return { ok: false, problems: [problem('unknown-point', '/point', request.point, allowed)] };
  }
  const permission = may(flowActor(department), request.do, asset.department);
  if (!permission.allowed)
    return { ok: false, problems: [{ code: 'forbidden', path: '/point', message: permission.reason }] };
  const problems: Problem[] = [];
  if (request.do === 'release' && request.owner !== undefined)
    problems.push(
      problem('owner', '/owner', request.owner, 'allowed is nothing: flows give back their own wishes only'),
    );
  if (request.do === 'claim') {
    if (request.slot !== SLOTS.flow)
      problems.push(problem('slot', '/slot', request.slot, `allowed is ${SLOTS.flow}, the flows’ slot`));
    const wrong = misfit(point.value, request.value);
    if (wrong !== undefined) problems.push(problem('point-value', '/value', request.value, wrong));
    else if (needsTwoPeople(request.value, point))
      problems.push(
        problem('two-people', '/value', request.value, 'this value needs two people: no flow may ask for it'),
      );
  }
  return problems.length > 0 ? { ok: false, problems } : ok(request);
}

const pointNames = (names: readonly string[] | undefined): string =>
  names && names.length > 0 ? ` (${names.join(', ')})` : '';
