// Rules over time: an instance that becomes true counts its `for`, starts, holds claims, clears, and ends.
import type { Activation, Decision, Truth } from '../model/decision.ts';
import { durationMs } from '../model/duration.ts';
import { departmentOf } from '../model/rule.ts';
import { evaluate, type Evaluation, type EvaluationContext } from '../rules/evaluate.ts';
import { notOf } from '../rules/kleene.ts';
import { documentOf, rowOf } from '../rules/table.ts';
import type { Reading } from '../model/reading.ts';
import { describeWhen, hoursAt } from '../model/rule-timing.ts';
import { noteDisagreement } from './alarm-causes.ts';
import { causesOf } from './cascade.ts';
import type { Instance, ReadyRule } from './ready-rule.ts';
import { contextFor, type Beside } from './fact-reading.ts';
import { haltOf } from './halts.ts';
import { holdClaims, wishesOf, type Held } from './rule-claims.ts';
import type { RuleWork } from './rule-work.ts';
import { closeDoneOrders, fireOneShots } from './one-shots.ts';
import { countSightings, forgetSightings, isSeenEnough, noteSighting } from './sightings.ts';
import type { Work } from './work.ts';

/** Evaluates an instance now and moves its activation on. */
export async function evaluateInstance(rules: RuleWork, instance: Instance): Promise<void> {
  const { work } = rules;
  const { rule } = instance.ready;
  const activation = work.state.activations.get(instance.key);
  const context = contextOf(rules, instance);
  const stopped = whyStopped(work, instance, context);
  if (stopped !== undefined) {
    if (activation) stop(work, { instance, activation }, stopped);
    return;
  }
  const conditions = evaluate(rule.conditions, context);
  const clear =
    activation && activation.phase !== 'pending' && rule.clear ? evaluate(rule.clear, context, '/clear') : undefined;
  // A quick rule changes only with a value or a fact's own timer.
  if (!instance.ready.quick)
    work.timers.set(`recheck:${instance.key}`, Math.min(conditions.changesAt, clear?.changesAt ?? Infinity));
  if (activation === undefined) {
    if (conditions.outcome === true && isSeenEnough(work, instance)) await begin(rules, instance, conditions, context);
  } else if (activation.phase === 'pending') {
    const counting = takenOver(instance, activation);
    if (conditions.outcome !== true) forget(work, instance.key);
    else if (work.now >= (counting.until ?? 0)) await start(rules, instance, conditions, context);
    else if (counting !== activation) put(work, instance, counting);
  } else {
    carryOn(rules, { instance, activation, ending: clear ?? negated(conditions) });
  }
}

/** A reading of what a rule with `times` reads was taken: were the conditions true at its moment? */
export function seeReading(rules: RuleWork, instance: Instance, reading: Reading): void {
  noteSighting(rules.work, instance, reading, contextOf(rules, instance, reading));
}

/** What keeps an instance back; its orders are still closed meanwhile, but nothing of a parked rule is evaluated. */
function whyStopped(work: Work, instance: Instance, context: EvaluationContext): string | undefined {
  const document = documentOf(instance.ready.rule.id);
  if (!work.state.parked.has(document)) closeDoneOrders(work, instance, context);
  return haltOf(work, document) ?? whyNotNow(work, instance);
}

/** What keeps an instance from being active, whatever its conditions say. */
function whyNotNow(work: Work, { ready: { rule } }: Instance): string | undefined {
  if (rule.when && !hoursAt(rule.when, work.now, work.city).isWithin)
    return `outside of its hours (${describeWhen(rule.when)})`;
  return undefined;
}

/** Ends an activation whose conditions nobody asks any more. */
function stop(work: Work, at: { instance: Instance; activation: Activation }, reason: string): void {
  const { instance, activation } = at;
  if (activation.phase === 'pending') forget(work, instance.key);
  else end(work, { instance, ending: { outcome: 'unknown', trace: [], changesAt: Infinity } }, reason);
  work.timers.set(`recheck:${instance.key}`, undefined);
}

/** The instant at which an instance must be looked at again; on start, for what the checkpoint brought back. */
export function resumeInstance(rules: RuleWork, instance: Instance): void {
  const halted = haltOf(rules.work, documentOf(instance.ready.rule.id));
  if ((halted ?? whyNotNow(rules.work, instance)) !== undefined) return;
  const context = contextOf(rules, instance);
  const { rule } = instance.ready;
  const changesAt = [rule.conditions, ...(rule.clear ? [rule.clear] : [])].map(
    (one) => evaluate(one, context).changesAt,
  );
  rules.work.timers.set(`recheck:${instance.key}`, Math.min(...changesAt));
}

/** Starts the timers of an activation that a checkpoint brought back. */
export function resumeActivation(work: Work, key: string, activation: Activation): void {
  schedule(work, key, activation);
}

/** A rule's instance as it stands at this moment. */
export interface Examination {
  ready: ReadyRule;
  /** Absent while it is idle. */
  activation?: Activation;
  conditions: Evaluation;
  /** What the rule's `clear` says, if it has one. */
  clear?: Evaluation;
  /** Does json-rules-engine say that the conditions hold? */
  judged: boolean;
  /** Present where something keeps it idle whatever its conditions say: its hours, in words. */
  stopped?: string;
  /** With `times`: on how many readings within it the conditions were true, and how many it takes. */
  sightings?: { found: number; wanted: number };
}

/** Looks at an instance for an explanation; moves nothing. */
export async function examineInstance(rules: RuleWork, instance: Instance, beside?: Beside): Promise<Examination> {
  const context = contextFor(rules, instance, undefined, beside);
  const { ready } = instance;
  const activation = rules.work.state.activations.get(instance.key);
  const stopped = whyNotNow(rules.work, instance);
  const { times } = ready.rule;
  return {
    ready,
    ...(activation ? { activation } : {}),
    conditions: evaluate(ready.rule.conditions, context),
    ...(ready.rule.clear ? { clear: evaluate(ready.rule.clear, context, '/clear') } : {}),
    judged: await rules.catalogue.judgeOf(ready).holds(context),
    ...(stopped === undefined ? {} : { stopped }),
    ...(times ? { sightings: { found: countSightings(rules.work, instance), wanted: times.readings } } : {}),
  };
}

/** Ends an activation whose rule or asset is gone. */
export function endOrphan(work: Work, key: string, activation: Activation): void {
  for (const claim of work.claimsMadeBy(key)) work.dropClaim(claim.id);
  forget(work, key);
  if (activation.phase === 'pending') return;
  const [, asset = '', related = ''] = key.split('|');
  const { ruleVersion } = activation;
  emitDecision(work, {
    decisionId: work.nextDecisionId(key, { ruleVersion, kind: 'ended' }),
    kind: 'ended',
    rule: activation.rule,
    ...(activation.row === undefined ? {} : { row: activation.row }),
    ruleVersion,
    title: activation.rule,
    asset,
    ...(related === '' ? {} : { related }),
    reason: 'the rule or the asset was removed or left the scope',
    trace: [],
    claims: [],
  });
}

/** Would an activation end, or a count break off, if its instance were evaluated now? */
export function isEnding(rules: RuleWork, instance: Instance, activation: Activation): boolean {
  const { rule } = instance.ready;
  const context = contextOf(rules, instance);
  if (activation.phase === 'pending') return evaluate(rule.conditions, context).outcome !== true;
  const ending = rule.clear ? evaluate(rule.clear, context) : negated(evaluate(rule.conditions, context));
  return ending.outcome === true || (ending.outcome === 'unknown' && rule.onUnknown === 'release');
}

/** An activation that another instance of its rule document carries on. */
export interface Succession {
  /** The key that it has. */
  from: string;
  activation: Activation;
  to: Instance;
  /** The successor's conditions, which are true. */
  conditions: Evaluation;
}

/** Moves activations with their claims to the instances that carry them on; they may take each other's place. */
export function moveActivations({ work }: RuleWork, successions: readonly Succession[]): void {
  const moved = successions.map((one) => ({ ...one, claims: work.claimsMadeBy(one.from) }));
  for (const { from, to, activation, claims } of moved) {
    for (const { id } of claims) work.dropClaim(id);
    forget(work, from);
    if (activation.phase === 'pending') continue;
    const { row, ruleVersion } = activation;
    const head = { ...headOf(to), ruleVersion, ...(row === undefined ? {} : { row }) };
    if (row === undefined) delete head.row;
    const decisionId = work.nextDecisionId(from, { ruleVersion, kind: 'ended' });
    const reason = `version ${to.ready.version} carries it on`;
    emitDecision(work, { ...head, decisionId, kind: 'ended', reason, trace: [], claims: claims.map(({ id }) => id) });
  }
  for (const { to, activation, conditions, claims } of moved) {
    const held = claims.map((claim) => ({ ...claim, id: `${to.key}${claim.id.slice(claim.id.indexOf('#'))}` }));
    for (const claim of held) work.putClaim(claim);
    const { row: _, decisionId: before, ...others } = activation;
    const head = { ...headOf(to), kind: 'started' as const };
    const decisionId = activation.phase === 'pending' ? before : work.nextDecisionId(to.key, head);
    put(work, to, { ...others, ...identityOf(to), ...(decisionId === undefined ? {} : { decisionId }) });
    if (activation.phase === 'pending' || decisionId === undefined) continue;
    const reason = `it carries on what version ${activation.ruleVersion} began`;
    emitDecision(work, { ...head, decisionId, reason, trace: conditions.trace, claims: held.map(({ id }) => id) });
  }
}

/** @param as what a reading says stands for its property, at the moment of the reading; default: now, and what is known now */
const contextOf = (rules: RuleWork, instance: Instance, as?: Reading): EvaluationContext =>
  contextFor(rules, instance, as);

const negated = (evaluation: Evaluation): Evaluation => ({ ...evaluation, outcome: notOf(evaluation.outcome) });

async function begin(
  rules: RuleWork,
  instance: Instance,
  conditions: Evaluation,
  context: EvaluationContext,
): Promise<void> {
  const { rule, version } = instance.ready;
  if (rule.for === undefined) return start(rules, instance, conditions, context);
  put(rules.work, instance, {
    ...identityOf(instance),
    ruleVersion: version,
    phase: 'pending',
    since: rules.work.now,
    until: rules.work.now + durationMs(rule.for),
  });
}

async function start(
  rules: RuleWork,
  instance: Instance,
  conditions: Evaluation,
  context: EvaluationContext,
): Promise<void> {
  const { work, catalogue, counts } = rules;
  const { version } = instance.ready;
  if (!(await catalogue.judgeOf(instance.ready).holds(context))) {
    counts.disagreements += 1;
    noteDisagreement(work, instance);
    return;
  }
  const causes = causesOf(rules, instance);
  const decisionId = work.nextDecisionId(instance.key, { ruleVersion: version, kind: 'started' });
  const activation: Activation = {
    ...identityOf(instance),
    ruleVersion: version,
    phase: 'active',
    since: work.now,
    activeSince: work.now,
    decisionId,
    ...(causes.length === 0 ? {} : { causes }),
  };
  forgetSightings(work, instance.key);
  put(work, instance, activation);
  const { claims, refusals: notHeld = [] } = renewClaims(rules, instance, activation);
  const { refusals: notDone, ...shots } = fireOneShots(work, instance, decisionId);
  const refusals = [...notHeld, ...notDone];
  emitDecision(work, {
    ...headOf(instance),
    decisionId,
    kind: 'started',
    reason: 'the conditions hold',
    trace: conditions.trace,
    claims,
    ...shots,
    ...(refusals.length === 0 ? {} : { refusals }),
  });
}

/** An activation that holds claims: stays, begins to clear, or ends. While it clears it holds them too. */
function carryOn(rules: RuleWork, at: { instance: Instance; activation: Activation; ending: Evaluation }): void {
  const { work } = rules;
  const { instance, ending } = at;
  const { rule } = instance.ready;
  const outcome: Truth = ending.outcome;
  const activation = takenOver(instance, at.activation);
  const stay = (next: Activation): void => {
    if (next !== at.activation) put(work, instance, next);
    if (outcome !== 'unknown') renewClaims(rules, instance, next);
  };
  if (outcome === 'unknown' && rule.onUnknown === 'release') end(work, at, 'a fact became unknown');
  else if (outcome !== true) stay(backFromClearing(work, activation));
  else if (activation.phase === 'active' && rule.clearFor !== undefined)
    stay({ ...activation, phase: 'clearing', since: work.now, until: work.now + durationMs(rule.clearFor) });
  else if (activation.phase === 'clearing' && work.now < (activation.until ?? 0)) stay(activation);
  else end(work, at, rule.clear ? 'it cleared' : 'the conditions no longer hold');
}

/** Clearing is known all the while: a moment that is not, or is otherwise, breaks it off. */
function backFromClearing(work: Work, activation: Activation): Activation {
  if (activation.phase === 'active') return activation;
  const active: Activation = { ...activation, phase: 'active', since: work.now };
  delete active.until;
  return active;
}

/** Under a new version of its rule an activation goes on; what it counts is as long as that says, from when it began. */
function takenOver({ ready: { rule, version } }: Instance, activation: Activation): Activation {
  const { phase, ruleVersion, since } = activation;
  if (ruleVersion === version) return activation;
  if (phase === 'active') return { ...activation, ruleVersion: version };
  const length = phase === 'pending' ? rule.for : rule.clearFor;
  return { ...activation, ruleVersion: version, until: since + (length === undefined ? 0 : durationMs(length)) };
}

function end(work: Work, { instance, ending }: { instance: Instance; ending: Evaluation }, reason: string): void {
  const claims = work.claimsMadeBy(instance.key).map((claim) => claim.id);
  for (const id of claims) work.dropClaim(id);
  forget(work, instance.key);
  const head = { ...headOf(instance), kind: 'ended' as const };
  const decisionId = work.nextDecisionId(instance.key, head);
  emitDecision(work, { ...head, decisionId, reason, trace: ending.trace, claims });
}

/** Holds what the rule asks for now; returns the claims, and what it may not or cannot ask. */
function renewClaims(rules: RuleWork, instance: Instance, activation: Activation): Held {
  const { work } = rules;
  const wishes = wishesOf(rules, instance, activation);
  const held = holdClaims(work, instance.key, wishes.claims);
  schedule(work, instance.key, activation);
  return { claims: held, ...(wishes.refusals.length === 0 ? {} : { refusals: wishes.refusals }) };
}

function put(work: Work, instance: Instance, activation: Activation): void {
  work.state.activations.set(instance.key, activation);
  schedule(work, instance.key, activation);
  const view = { ...activation, title: instance.ready.rule.title, key: instance.key };
  work.emit({ kind: 'live', event: { event: 'activation', data: view } });
}

/** A phase that ends by itself has a timer; what holds claims looks after their leases at half their length. */
function schedule(work: Work, key: string, activation: Activation): void {
  work.timers.set(`activation:${key}`, Math.min(activation.until ?? Infinity, renewalAt(work, key)));
}

/** When the next of an activation's claims has used up half of its lease. */
function renewalAt(work: Work, key: string): number {
  const instants = work.claimsMadeBy(key).map((claim) => claim.leaseUntil - work.settings.leaseMs / 2);
  return Math.min(Infinity, ...instants.filter((instant) => instant > work.now));
}

function forget(work: Work, key: string): void {
  if (work.state.activations.delete(key))
    work.emit({ kind: 'live', event: { event: 'gone', data: { kind: 'activation', key } } });
  work.timers.set(`activation:${key}`, undefined);
}

/** Which document, with a table which row of it, stands for whom. */
function identityOf({ ready, subject }: Instance): Pick<Decision, 'rule' | 'row' | 'asset' | 'related'> {
  const row = rowOf(ready.rule.id);
  return {
    rule: documentOf(ready.rule.id),
    ...(row === undefined ? {} : { row }),
    asset: subject.asset.id,
    ...(subject.related ? { related: subject.related.asset.id } : {}),
  };
}

const headOf = (instance: Instance): ReturnType<typeof identityOf> & Pick<Decision, 'ruleVersion' | 'title'> => ({
  ...identityOf(instance),
  ruleVersion: instance.ready.version,
  title: instance.ready.rule.title,
});

function emitDecision(work: Work, parts: Omit<Decision, 'department' | 'at' | 'causedBy'>): void {
  const decision: Decision = {
    ...parts,
    department: departmentOf(parts.rule),
    at: work.now,
    causedBy: work.entryId,
  };
  work.emit({ kind: 'decision', decision });
}
