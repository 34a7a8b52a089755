// What a rule's test expected of claims, orders and messages beside what was found, and what differs in words.
import { isDeepStrictEqual } from 'node:util';

import { effectSchema, type Claim } from '../model/claim.ts';
import { toIso } from '../model/clock.ts';
import { durationMs } from '../model/duration.ts';
import { momentOf, type Beginning } from '../model/moment.ts';
import type { Message, Order } from '../model/one-shot.ts';
import type { Problem } from '../model/result.ts';
import type {
  Expectation,
  ExpectedClaim,
  ExpectedNotification,
  ExpectedOrder,
  ExpectedWebhook,
} from '../model/rule-expectation.ts';
import { sameValue } from '../model/value.ts';

/** What a rule holds and has done by a moment of its test, as far as an expectation is about it. */
export interface Done {
  claims: readonly Claim[];
  /** Every one that was opened since the test began, as it is at the moment. */
  orders: readonly Order[];
  /** Every one that was sent since the test began. */
  messages: readonly Message[];
}

/** Where and when something is expected. */
export interface Place extends Beginning {
  /** JSON pointer of the expectation. */
  path: string;
  /** The moment in words: `at 20 s`. */
  when: string;
  /** Why the rule did not do what it might have, in words; empty for nothing. */
  why: string;
}

/** A failure of a rule's own test. */
export const failure = (path: string, message: string): Problem => ({ code: 'rule-test', path, message });

/** Everything that was expected at one moment of claims, orders, notifications and webhooks, and is not so. */
export function compareDone(expected: Expectation, done: Done, place: Place): Problem[] {
  return [
    ...compareAll(claimKind, { expected: expected.claims, found: distinct(done.claims) }, place),
    ...compareUnclaimed(expected, done.claims, place),
    ...compareAll(orderKind(place), { expected: expected.orders, found: done.orders }, place),
    ...compareAll(notificationKind, { expected: expected.notifications, found: done.messages.flatMap(notice) }, place),
    ...compareAll(webhookKind, { expected: expected.webhooks, found: done.messages.flatMap(call) }, place),
  ];
}

/** One kind of thing that a test expects. */
interface Kind<Expected, Found> {
  field: 'claims' | 'orders' | 'notifications' | 'webhooks';
  word: string;
  isSame: (found: Found, expected: Expected) => boolean;
  /** About the same, though perhaps not as expected: said once, where it was expected. */
  isLike: (found: Found, expected: Expected) => boolean;
  wanted: (expected: Expected) => string;
  told: (found: Found) => string;
  none: string;
}

function compareAll<Expected extends object, Found>(
  kind: Kind<Expected, Found>,
  { expected, found }: { expected: readonly Expected[] | undefined; found: readonly Found[] },
  { path, when, why }: Place,
): Problem[] {
  if (!expected) return [];
  const { missing, further } = matched(kind, expected, found);
  const failures = missing.map((one) => {
    const alike = further.filter((other) => kind.isLike(other, one)).map((other) => kind.told(other));
    const instead = alike.length === 0 ? `${kind.none}${why}` : alike.join(' and ');
    const place = `${path}/${kind.field}/${expected.indexOf(one)}`;
    return failure(place, `${when}: expected ${kind.wanted(one)}; found ${instead}`);
  });
  const unsaid = further.filter((other) => !missing.some((one) => kind.isLike(other, one)));
  const surplus = unsaid.map((other) =>
    failure(`${path}/${kind.field}`, `${when}: expected no further ${kind.word}; found ${kind.told(other)}`),
  );
  return [...failures, ...surplus];
}

/** Each of what was found stands for one of what was expected; what says the most is looked for first. */
function matched<Expected extends object, Found>(
  { isSame }: Pick<Kind<Expected, Found>, 'isSame'>,
  expected: readonly Expected[],
  found: readonly Found[],
): { missing: Expected[]; further: Found[] } {
  const further = [...found];
  const missing = new Set(expected);
  for (const one of expected.toSorted((left, right) => said(right) - said(left))) {
    const index = further.findIndex((other) => isSame(other, one));
    if (index === -1) continue;
    further.splice(index, 1);
    missing.delete(one);
  }
  return { missing: expected.filter((one) => missing.has(one)), further };
}

const said = (expected: object): number => Object.values(expected).filter((value) => value !== undefined).length;

const claimKind: Kind<ExpectedClaim, Claim> = {
  field: 'claims',
  word: 'claim',
  isSame: (held, expected) =>
    held.point === expected.point &&
    held.effect !== 'release' &&
    sameValue(held.value, expected[held.effect]) &&
    (expected.slot ?? held.slot) === held.slot &&
    (expected.ramp === undefined || durationMs(expected.ramp) === held.rampSeconds * 1_000),
  isLike: (held, { point }) => held.point === point,
  wanted: (claim) => {
    const effect = effectSchema.options.find((one) => claim[one] !== undefined) ?? 'set';
    const slot = claim.slot === undefined ? '' : ` in slot ${claim.slot}`;
    const ramp = claim.ramp === undefined ? '' : ` over ${durationMs(claim.ramp) / 1_000} s`;
    return `${effect} ${JSON.stringify(claim[effect])} on ${claim.point}${slot}${ramp}`;
  },
  told: ({ point, effect, value, slot, rampSeconds }) =>
    `${effect} ${JSON.stringify(value)} on ${point} in slot ${slot}${rampSeconds === 0 ? '' : ` over ${rampSeconds} s`}`,
  none: 'no claim on this point',
};

/** Two approaches that ask the same of one controller are one wish to whoever reads the test. */
const distinct = (claims: readonly Claim[]): Claim[] => [
  ...new Map(claims.map((claim) => [claimKind.told(claim), claim])).values(),
];

function compareUnclaimed({ unclaimed = [] }: Expectation, claims: readonly Claim[], place: Place): Problem[] {
  return unclaimed.flatMap((point, index) => {
    const held = distinct(claims.filter((claim) => claim.point === point)).map(claimKind.told);
    const message = `${place.when}: expected no claim on ${point}; found ${held.join(' and ')}`;
    return held.length === 0 ? [] : [failure(`${place.path}/unclaimed/${index}`, message)];
  });
}

const orderKind = (place: Beginning): Kind<ExpectedOrder, Order> => {
  const dueOf = ({ due }: ExpectedOrder): number | undefined => (due === undefined ? undefined : momentOf(due, place));
  return {
    field: 'orders',
    word: 'order',
    isSame: (order, expected) =>
      order.kind === expected.order &&
      isFor(order, expected) &&
      order.state === expected.state &&
      (dueOf(expected) ?? order.dueAt) === order.dueAt,
    isLike: (order, expected) => order.kind === expected.order && isFor(order, expected),
    wanted: (expected) => orderInWords({ ...expected, kind: expected.order, dueAt: dueOf(expected) }),
    told: (order) => `${orderInWords(order)}${order.reason === undefined ? '' : ` (${order.reason})`}`,
    none: 'none',
  };
};

function orderInWords(
  order: Pick<Order, 'kind' | 'state'> & { asset?: string | undefined; dueAt?: number | undefined },
) {
  const due = order.dueAt === undefined ? '' : `, due ${toIso(order.dueAt)}`;
  return `${order.state === 'open' ? 'an open' : 'a closed'} order of kind ${order.kind}${forWhom(order)}${due}`;
}

/** A notification or a webhook, with whom it is about. */
interface Sent<What> {
  what: What;
  asset: string | undefined;
}

const notice = ({ what, asset }: Message): Sent<{ to: string; text: string }>[] =>
  'notify' in what ? [{ what: what.notify, asset }] : [];

const notificationKind: Kind<ExpectedNotification, Sent<{ to: string; text: string }>> = {
  field: 'notifications',
  word: 'notification',
  isSame: ({ what, asset }, expected) =>
    what.to === expected.to && (expected.text ?? what.text) === what.text && isFor({ asset }, expected),
  isLike: ({ what, asset }, expected) => what.to === expected.to && isFor({ asset }, expected),
  wanted: ({ to, text, asset }) =>
    `a notification to ${to}${forWhom({ asset })}${text === undefined ? '' : `: ${JSON.stringify(text)}`}`,
  told: ({ what, asset }) => `a notification to ${what.to}${forWhom({ asset })}: ${JSON.stringify(what.text)}`,
  none: 'none',
};

type Call = Extract<Message['what'], { webhook: unknown }>['webhook'];

const call = ({ what, asset }: Message): Sent<Call>[] => ('webhook' in what ? [{ what: what.webhook, asset }] : []);

const webhookKind: Kind<ExpectedWebhook, Sent<Call>> = {
  field: 'webhooks',
  word: 'webhook',
  isSame: ({ what, asset }, expected) =>
    what.url === expected.url &&
    (expected.body === undefined || isDeepStrictEqual(what.body, expected.body)) &&
    isFor({ asset }, expected),
  isLike: ({ what, asset }, expected) => what.url === expected.url && isFor({ asset }, expected),
  wanted: ({ url, body, asset }) => `a call of ${url}${forWhom({ asset })}${withBody(body)}`,
  told: ({ what, asset }) => `a call of ${what.url}${forWhom({ asset })}${withBody(what.body)}`,
  none: 'none',
};

const withBody = (body: unknown): string => (body === undefined ? '' : ` with ${JSON.stringify(body)}`);

const isFor = (found: { asset: string | undefined }, expected: { asset?: string | undefined }): boolean =>
  expected.asset === undefined || expected.asset === found.asset;

const forWhom = ({ asset }: { asset?: string | undefined }): string => (asset === undefined ? '' : ` for ${asset}`);
