// What people, flows and programs ask of the engine: wishes for points, orders to close, rules to pause.
import { may, type Actor } from '../model/actor.ts';
import { requestClaimId } from '../model/claim.ts';
import { requestOwner, type Input, type PointRequest, type Request } from '../model/input.ts';
import { departmentOf } from '../model/rule.ts';
import { needsTwoPeople } from '../model/points.ts';
import { acknowledge, shelve, unshelve } from './alarms.ts';
import { awaitSecond, confirm, decline, forgetWaiting } from './confirmations.ts';
import { letGoOn, pauseRule } from './halts.ts';
import { closeOrder } from './one-shots.ts';
import type { Work } from './work.ts';

type AlarmRequest = Extract<Request, { do: 'acknowledge-alarms' | 'shelve-alarm' | 'unshelve-alarm' }>;
type RuleRequest = Extract<Request, { do: 'pause-rule' | 'resume-rule' }>;

/**
 * Takes a request.
 *
 * @returns the rule document that must be looked at because of it, if there is one
 */
export function takeRequest(work: Work, input: Extract<Input, { kind: 'request' }>): string | undefined {
  const { actor, department, request } = input;
  switch (request.do) {
    case 'close-order':
      onCloseOrder(work, actor, request);
      return undefined;
    case 'pause-rule':
    case 'resume-rule':
      return onRuleRequest(work, actor, request);
    case 'acknowledge-alarms':
    case 'shelve-alarm':
    case 'unshelve-alarm':
      onAlarmRequest(work, actor, request);
      return undefined;
    case 'confirm':
      confirm(work, actor, request.confirmation);
      return undefined;
    case 'decline':
      decline(work, actor, request.confirmation);
      return undefined;
    case 'claim':
    case 'release':
      onPointRequest(work, { id: input.id, actor, department, request });
      return undefined;
  }
}

function onPointRequest(
  work: Work,
  asked: { id: string; actor: Actor; department: string; request: PointRequest },
): void {
  const { actor, department, request } = asked;
  const owner = requestOwner(actor, request);
  const id = requestClaimId(owner, request.key, request.point);
  const declared = work.declarationOf(request.point);
  if (request.do === 'claim' && declared && needsTwoPeople(request.value, declared)) {
    awaitSecond(work, { id: asked.id, actor, wish: request });
    return;
  }
  // Whatever the same person wants now takes the place of what still waits.
  forgetWaiting(work, id);
  if (request.do === 'release') {
    work.dropClaim(id);
    return;
  }
  // Held also where the point is not known: after Redis was emptied, wishes may stand before the documents in the log.
  const { point, effect, value, slot, rampSeconds, reason, leaseSeconds } = request;
  const since = work.state.claims.get(id)?.since ?? work.now;
  const leaseUntil = work.now + leaseSeconds * 1_000;
  work.putClaim({ id, point, effect, value, slot, rampSeconds, owner, department, reason, since, leaseUntil });
}

function onCloseOrder(work: Work, actor: Actor, { orderId, reason }: Extract<Request, { do: 'close-order' }>): void {
  const order = [...work.state.orders.values()].find((one) => one.orderId === orderId);
  if (order && may(actor, 'release', order.department).allowed)
    closeOrder(work, order, { closedBy: `${actor.kind}:${actor.id}`, reason });
}

/** Asked again here, as if it came from a stranger. */
function onRuleRequest(work: Work, actor: Actor, request: RuleRequest): string | undefined {
  const { rule } = request;
  const isKnown = Boolean(work.state.rules.get(rule)?.body);
  if (!isKnown || !may(actor, 'pause-rule', departmentOf(rule)).allowed) return undefined;
  if (request.do === 'resume-rule')
    letGoOn(work, rule, { parked: true, paused: true, by: actor.id, why: request.reason });
  else pauseRule(work, rule, { by: actor.id, why: request.reason, until: work.now + request.seconds * 1_000 });
  return rule;
}

/** By the alarm's own name: what has been closed and begun again since is another alarm, that nobody has seen. */
function onAlarmRequest(work: Work, { id: by, ...actor }: Actor, request: AlarmRequest): void {
  const verb = request.do === 'acknowledge-alarms' ? 'acknowledge-alarm' : 'shelve-alarm';
  for (const alarmId of 'alarms' in request ? request.alarms : [request.alarm]) {
    const key = alarmId.slice(0, alarmId.lastIndexOf('|'));
    const alarm = work.state.alarms.get(key);
    if (alarm?.alarmId !== alarmId || !may({ id: by, ...actor }, verb, alarm.department).allowed) continue;
    switch (request.do) {
      case 'acknowledge-alarms':
        acknowledge(work, key, { by, note: request.note });
        break;
      case 'shelve-alarm':
        shelve(work, key, { by, until: work.now + request.seconds * 1_000, reason: request.reason });
        break;
      case 'unshelve-alarm':
        unshelve(work, key, { by, why: request.reason });
    }
  }
}
