// What an active rule asks for: its actions as claims on points, and what it may not or cannot ask.
import { may } from '../model/actor.ts';
import { pointsOf, type Asset } from '../model/asset.ts';
import { effectSchema, SLOTS, type Claim } from '../model/claim.ts';
import type { Activation } from '../model/decision.ts';
import { durationMs } from '../model/duration.ts';
import { pointKey } from '../model/names.ts';
import { own } from '../model/own.ts';
import { needsTwoPeople } from '../model/points.ts';
import { departmentOf, isClaim, type ClaimAction } from '../model/rule.ts';
import { misfit, type Value } from '../model/value.ts';
import type { Wanted } from '../model/wanted.ts';
import { documentOf } from '../rules/table.ts';
import { contextFor } from './fact-reading.ts';
import type { Instance } from './ready-rule.ts';
import type { RuleWork } from './rule-work.ts';
import type { Work } from './work.ts';

/** The claims of a rule, and why some of its actions make none. */
export interface Wishes {
  claims: Claim[];
  refusals: string[];
}

/** The ids of claims that are held, and why some actions make none. */
export interface Held {
  claims: string[];
  refusals?: string[];
}

/** What the rule's actions ask for now. */
export function wishesOf(rules: RuleWork, instance: Instance, activation: Activation): Wishes {
  const wishes = instance.ready.rule.actions.flatMap((action, index) =>
    isClaim(action) ? [actionWishes(rules, instance, { action, index, activation })] : [],
  );
  return {
    claims: wishes.flatMap(({ claims }) => claims),
    refusals: [...new Set(wishes.flatMap(({ refusals }) => refusals))],
  };
}

/**
 * Makes, changes or prolongs these claims; others of the same maker end. What a new version asks of a point by another
 * action is no younger than what the old one asked of it.
 *
 * @param maker an activation's key
 * @returns the ids of the claims
 */
export function holdClaims(work: Work, maker: string, claims: readonly Claim[]): string[] {
  const before = new Map(work.claimsMadeBy(maker).map((claim) => [claim.id, claim]));
  const since = new Map([...before.values()].map((claim) => [claim.point, claim.since]));
  for (const claim of claims) {
    const held = before.get(claim.id);
    before.delete(claim.id);
    const isFresh = held && asksTheSame(held, claim) && held.leaseUntil - work.now > work.settings.leaseMs / 2;
    if (!isFresh && claim.leaseUntil > work.now)
      work.putClaim({ ...claim, since: held?.since ?? since.get(claim.point) ?? claim.since });
  }
  for (const id of before.keys()) work.dropClaim(id);
  return claims.map((claim) => claim.id);
}

/** The same in all that somebody wrote; a lease that the author has shortened is not the same. */
const asksTheSame = (left: Claim, right: Claim): boolean =>
  left.effect === right.effect &&
  left.value === right.value &&
  left.slot === right.slot &&
  left.rampSeconds === right.rampSeconds &&
  left.reason === right.reason &&
  left.leaseUntil <= right.leaseUntil;

interface Made {
  action: ClaimAction;
  index: number;
  activation: Activation;
}

function actionWishes(rules: RuleWork, instance: Instance, made: Made): Wishes {
  const { work } = rules;
  const effect = effectSchema.options.find((one) => made.action[one] !== undefined) ?? 'set';
  const value = valueOf(rules, instance, made.action[effect]);
  if (value === undefined) {
    const refusals = [`the value for ${made.action.point} is not known`];
    return { claims: instance.ready.rule.onUnknown === 'hold' ? heldBy(work, instance, made.index) : [], refusals };
  }
  const wishes: Wishes = { claims: [], refusals: [] };
  for (const asset of work.directory.resolve(instance.subject, made.action.of)) {
    const refusal = whyNot(instance, asset, { point: made.action.point, value });
    if (refusal !== undefined) wishes.refusals.push(refusal);
    else wishes.claims.push(claimOn(work, instance, asset, { ...made, effect, value }));
  }
  if (wishes.claims.length + wishes.refusals.length === 0)
    wishes.refusals.push(`there is no asset at "${made.action.of ?? 'self'}"`);
  return wishes;
}

function whyNot(
  { ready: { rule } }: Instance,
  asset: Asset,
  { point, value }: { point: string; value: Value },
): string | undefined {
  const declared = own(pointsOf(asset), point);
  if (!declared) return `${asset.id} has no point ${point}`;
  const wrong = misfit(declared.value, value);
  if (wrong !== undefined) return `${point} of ${asset.id} cannot be ${String(value)}: ${wrong}`;
  if (needsTwoPeople(value, declared)) return `${point} of ${asset.id} needs two people to be ${String(value)}`;
  const permission = may({ kind: 'rule', id: documentOf(rule.id), roles: {} }, 'claim', asset.department);
  return permission.allowed ? undefined : permission.reason;
}

function claimOn(work: Work, instance: Instance, asset: Asset, made: Made & Pick<Claim, 'effect' | 'value'>): Claim {
  const { action, index, activation, effect, value } = made;
  const { rule } = instance.ready;
  const point = pointKey(asset.id, action.point);
  const limit =
    action.maxDuration === undefined ? Infinity : (activation.activeSince ?? work.now) + durationMs(action.maxDuration);
  return {
    id: `${instance.key}#${index}@${point}`,
    point,
    effect,
    value,
    slot: action.slot ?? SLOTS.rule,
    rampSeconds: action.ramp === undefined ? 0 : durationMs(action.ramp) / 1_000,
    owner: { kind: 'rule', id: documentOf(rule.id) },
    department: departmentOf(rule.id),
    reason: reasonOf(rule.title, instance),
    since: work.now,
    leaseUntil: Math.min(work.now + work.settings.leaseMs, limit),
  };
}

/** The claims of an action as they are: kept, but not renewed. */
const heldBy = (work: Work, { key }: Instance, index: number): Claim[] =>
  work.claimsMadeBy(key).filter(({ id }) => id.startsWith(`${key}#${index}@`));

function valueOf(rules: RuleWork, instance: Instance, wanted: Wanted | undefined): Value | undefined {
  if (typeof wanted !== 'object') return wanted;
  const { work } = rules;
  if ('fact' in wanted) {
    const found = contextFor(rules, instance).read(wanted.fact, wanted.params);
    return found.known ? found.value : undefined;
  }
  const [first = '', second] = wanted.attribute.split('.');
  const owner: Asset | undefined =
    second === undefined ? instance.subject.asset : work.directory.resolve(instance.subject, first)[0];
  return owner && own(owner.attributes, second ?? first);
}

const reasonOf = (title: string, { subject }: Instance): string =>
  subject.related ? `${title} (${subject.related.asset.title})` : title;
