// What a rule does once, as it becomes active: orders with at most one open per asset and kind, and messages.
import { may } from '../model/actor.ts';
import { toIso } from '../model/clock.ts';
import type { Withheld } from '../model/decision.ts';
import { durationMs } from '../model/duration.ts';
import { nextTimeOfDay, parseTimeOfDay } from '../model/local-time.ts';
import { isOneShot, type Message, type Order, type OrderAction } from '../model/one-shot.ts';
import { departmentOf, type Rule } from '../model/rule.ts';
import { evaluate, type EvaluationContext } from '../rules/evaluate.ts';
import { documentOf } from '../rules/table.ts';
import { addressesOf } from './notices.ts';
import type { Instance } from './ready-rule.ts';
import type { Work } from './work.ts';

/** What was done once at a start, by id, and why some of it was not. */
export interface Shots {
  orders?: string[];
  messages?: string[];
  refusals: string[];
  withheld?: Withheld;
}

const HOUR_MS = 3_600_000;

/** The key of an asset's open order of a kind. */
export const orderKey = (asset: string, kind: string): string => `${asset}|${kind}`;

/**
 * Does what the rule does once; called as its activation starts.
 *
 * @param decisionId the start's own
 */
export function fireOneShots(work: Work, instance: Instance, decisionId: string): Shots {
  const { rule } = instance.ready;
  if (!rule.actions.some(isOneShot)) return { refusals: [] };
  const withheld = whyWithheld(work, instance);
  if (withheld) return { refusals: [withheldInWords(withheld, rule)], withheld };
  noteRound(work, instance);
  const orders: string[] = [];
  const messages: string[] = [];
  const refusals: string[] = [];
  for (const [index, action] of rule.actions.entries()) {
    const base = { ...baseOf(instance), decisionId };
    const id = `${decisionId}|${index}`;
    if ('order' in action) {
      const refusal = openOrder(work, instance, {
        action,
        order: { ...base, ...openingOf(work, instance, action), orderId: id },
      });
      if (refusal === undefined) orders.push(id);
      else refusals.push(refusal);
    } else if (!('point' in action)) {
      for (const message of messagesOf(work, { messageId: id, what: action, ...base, at: work.now })) {
        work.emit({ kind: 'message', message });
        messages.push(message.messageId);
      }
    }
  }
  return { ...(orders.length === 0 ? {} : { orders }), ...(messages.length === 0 ? {} : { messages }), refusals };
}

/** A notification to a duty list is a message to each who is on duty, so that one who cannot be reached holds up nobody. */
function messagesOf(work: Work, message: Message): Message[] {
  const { what, department, messageId } = message;
  const addresses = 'notify' in what ? addressesOf(work, department, what.notify.to) : [];
  if (addresses.length === 0) return [message];
  return addresses.map((via, index) => ({ ...message, messageId: `${messageId}|${index}`, via }));
}

/** Closes the orders that this instance has opened and that what is known now proves done. */
export function closeDoneOrders(work: Work, instance: Instance, context: EvaluationContext): void {
  for (const [index, action] of instance.ready.rule.actions.entries()) {
    if (!('order' in action) || !action.done) continue;
    const open = work.state.orders.get(orderKey(instance.subject.asset.id, action.order));
    if (!open || !isOf(open, instance)) continue;
    const { outcome, trace } = evaluate(action.done, context, `/actions/${index}/done`);
    if (outcome !== true) continue;
    const readings = [...new Set(trace.flatMap((one) => one.readings ?? []))].slice(0, 10);
    closeOrder(work, open, { closedBy: 'reading', reason: 'a reading shows that it is done', readings });
  }
}

/** Ends an order; what is closed is in the record, not in the state. */
export function closeOrder(
  work: Work,
  order: Order,
  how: { closedBy: string; reason: string; readings?: string[] },
): void {
  work.state.orders.delete(orderKey(order.asset, order.kind));
  emitOrder(work, { ...order, ...how, state: 'closed', closedAt: work.now });
}

/** Closes what is still to be done for an asset that is no more. */
export function closeOrdersOf(work: Work, asset: string): void {
  for (const order of work.state.orders.values())
    if (order.asset === asset) closeOrder(work, order, { closedBy: 'system', reason: 'the asset was removed' });
}

/** When the one-shot actions of an instance may happen again; forgotten with the instance. */
export function forgetRounds(work: Work, key: string): void {
  work.state.rounds.delete(key);
}

const isOf = (order: Order, { ready, subject }: Instance): boolean =>
  order.rule === documentOf(ready.rule.id) && order.related === subject.related?.asset.id;

function baseOf({
  ready,
  subject,
}: Instance): Pick<Order, 'asset' | 'related' | 'department' | 'rule' | 'ruleVersion' | 'title'> {
  return {
    asset: subject.asset.id,
    ...(subject.related ? { related: subject.related.asset.id } : {}),
    department: departmentOf(ready.rule.id),
    rule: documentOf(ready.rule.id),
    ruleVersion: ready.version,
    title: ready.rule.title,
  };
}

function openingOf(
  work: Work,
  { ready }: Instance,
  { order, dueBy }: OrderAction,
): Pick<Order, 'kind' | 'state' | 'openedAt' | 'dueAt'> {
  const zone = ready.rule.when?.timeZone ?? work.settings.timeZone;
  const dueAt = dueBy === undefined ? {} : { dueAt: nextTimeOfDay(work.now, parseTimeOfDay(dueBy) ?? 0, zone) };
  return { kind: order, state: 'open', openedAt: work.now, ...dueAt };
}

function openOrder(
  work: Work,
  { subject }: Instance,
  { order }: { action: OrderAction; order: Order },
): string | undefined {
  const permission = may({ kind: 'rule', id: order.rule, roles: {} }, 'claim', subject.asset.department);
  if (!permission.allowed) return permission.reason;
  const key = orderKey(order.asset, order.kind);
  const open = work.state.orders.get(key);
  if (open)
    return `an order of kind ${order.kind} is open for ${order.asset} already, since ${new Date(open.openedAt).toISOString()}`;
  work.state.orders.set(key, order);
  emitOrder(work, order);
  return undefined;
}

function emitOrder(work: Work, order: Order): void {
  work.emit({ kind: 'order', order });
}

/** Why this round of one-shot actions does not take place. */
function whyWithheld(work: Work, { key, ready: { rule } }: Instance): Withheld | undefined {
  const { cooldown, maxPerHour } = rule;
  const until =
    (work.state.rounds.get(key)?.at.at(-1) ?? -Infinity) + (cooldown === undefined ? 0 : durationMs(cooldown));
  if (cooldown !== undefined && work.now < until) return { reason: 'cooldown', until };
  const rounds = roundsInHour(work, documentOf(rule.id));
  if (maxPerHour === undefined || rounds.length < maxPerHour) return undefined;
  return { reason: 'max-per-hour', until: (rounds.at(-maxPerHour) ?? work.now) + HOUR_MS };
}

const withheldInWords = ({ reason, until }: Withheld, { maxPerHour = 0 }: Pick<Rule, 'maxPerHour'>): string =>
  reason === 'cooldown'
    ? `cooling down until ${toIso(until)}`
    : `it has acted ${maxPerHour} times within the last hour, which is all it may until ${toIso(until)}`;

function noteRound(work: Work, { key, ready: { rule } }: Instance): void {
  const document = documentOf(rule.id);
  if (rule.cooldown !== undefined) work.state.rounds.set(key, { at: [work.now] });
  if (rule.maxPerHour !== undefined)
    work.state.rounds.set(document, { at: [...roundsInHour(work, document), work.now] });
}

const roundsInHour = (work: Work, document: string): number[] =>
  (work.state.rounds.get(document)?.at ?? []).filter((at) => at > work.now - HOUR_MS);
