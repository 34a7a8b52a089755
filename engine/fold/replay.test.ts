import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import { toIso } from '../model/clock.ts';
import type { LogEntry } from '../model/input.ts';
import { restraintSchema } from '../model/restraint.ts';
import type { Fold } from './fold.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const BIN_A = 'urn:ngsi-ld:WasteContainer:a';
const BIN_B = 'urn:ngsi-ld:WasteContainer:b';
const BINS = [BIN_A, BIN_B];

/** The first of them wears; what its interlock needs may be anything. */
const bin = (id: string, cycles = 6) => ({
  id,
  type: 'WasteContainer',
  title: id,
  department: 'waste',
  location: { type: 'Point', coordinates: [-0.13, 51.51] },
  attributes: { high: 14.7 },
  reports: { fillingLevel: { every: '5 s' }, door: { onChange: true, heartbeat: '20 s', frozenAfter: '25 s' } },
  points: {
    compaction: id === BINS[0] ? { wear: { between: '4 s', perHour: cycles } } : {},
    lid: {
      value: { type: 'word', words: ['shut', 'open'] },
      safe: { release: true },
      afterDeath: 'returns at lease',
      twoPeople: ['open'],
    },
  },
  ...(id === BINS[0] ? {} : { parent: BINS[0] }),
  binding: { adapter: 'mqtt', device: 'gateway' },
});

const rule = {
  id: 'waste/compact',
  title: 'Press',
  scope: { type: 'WasteContainer' },
  conditions: {
    any: [
      { fact: 'fillingLevel', params: { window: '10 s', aggregate: 'avg' }, operator: 'greaterThan', value: 0.5 },
      { fact: 'door', operator: 'equal', value: 'open' },
    ],
  },
  for: '3 s',
  clearFor: '2 s',
  actions: [{ point: 'compaction', set: 'compacting', maxDuration: '30 s' }],
};

/** Another length with each version, and every other one is a table. */
function pressing(version: number): object {
  const { conditions, ...others } = { ...rule, for: `${version} s` };
  if (version % 2 === 1) return { ...others, conditions };
  const columns = [{ fact: 'fillingLevel', operator: 'greaterThan' }];
  return { ...others, table: { columns, rows: [{ when: [0.8] }, { when: [version / 10] }] } };
}

/** Reads only its own asset's present values: found by the index. */
const quickRule = {
  id: 'waste/shut',
  title: 'Shut what is full',
  scope: { type: 'WasteContainer' },
  conditions: {
    all: [
      { fact: 'fillingLevel', operator: 'greaterThan', value: 0.6 },
      { not: { fact: 'door', operator: 'equal', value: 'open' } },
    ],
  },
  clear: { fact: 'fillingLevel', operator: 'lessThanInclusive', value: 0.4 },
  actions: [{ point: 'compaction', set: 'idle', slot: 11 }],
};

/** Read what other rules and points have come to, within the same entry. */
const followers = [
  {
    id: 'waste/after',
    title: 'While another counts',
    scope: { type: 'WasteContainer' },
    conditions: {
      any: [
        { fact: 'activation', params: { name: 'waste/compact' }, operator: 'equal', value: 'pending' },
        { fact: 'reported', params: { name: 'compaction', maxAge: '20 s' }, operator: 'equal', value: 'compacting' },
      ],
    },
    clearFor: '4 s',
    actions: [{ point: 'compaction', set: 'compacting', slot: 13 }],
  },
  {
    id: 'waste/second',
    title: 'While that one is active and something is wanted',
    scope: { type: 'WasteContainer' },
    conditions: {
      all: [
        { fact: 'activation', params: { name: 'waste/after' }, operator: 'notEqual', value: 'none' },
        { fact: 'desired', params: { name: 'compaction' }, operator: 'equal', value: 'compacting' },
      ],
    },
    for: '1 s',
    onUnknown: 'hold',
    actions: [{ point: 'compaction', set: 'idle', slot: 16 }],
  },
];

/** Change with time: at limits, or where the limit is a fact itself, every minute. */
const clockRule = {
  id: 'waste/clock',
  title: 'Silent, or late, or light',
  scope: { type: 'WasteContainer' },
  conditions: {
    any: [
      { fact: 'silentFor', params: { name: 'fillingLevel' }, operator: 'greaterThan', value: 7 },
      { fact: 'time.local', operator: 'equal', value: 601 },
      {
        all: [
          { fact: 'sun.isUp', operator: 'equal', value: true },
          { fact: 'calendar', operator: 'equal', value: 'sunday' },
          { fact: 'sun.elevation', operator: 'greaterThan', value: { fact: 'attribute', params: { name: 'high' } } },
        ],
      },
    ],
  },
  clear: { fact: 'silentFor', params: { name: 'fillingLevel' }, operator: 'lessThan', value: 2 },
  actions: [{ point: 'compaction', set: 'idle', slot: 15 }],
};

/** Counts readings, and its hours end within most runs. */
const countingRule = {
  id: 'waste/counts',
  title: 'Seen twice',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.4 },
  times: { readings: 2, within: '20 s' },
  when: { between: ['09:00', '10:02'] },
  actions: [{ point: 'compaction', set: 'compacting', slot: 10 }],
};

/** Does everything that happens once, and not too often. */
const oneShotRule = {
  id: 'waste/collects',
  title: 'Collect',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
  cooldown: '30 s',
  maxPerHour: 4,
  actions: [
    { order: 'collection', dueBy: '05:00', done: { fact: 'fillingLevel', operator: 'lessThan', value: 0.2 } },
    { notify: { to: 'duty', text: 'Full' } },
  ],
};

/** In force, changed and removed: it trips, holds, and raises an alarm. */
const interlock = (door: string) => ({
  id: 'waste/door',
  title: 'The door',
  kind: 'invariant',
  scope: { type: 'WasteContainer' },
  point: 'compaction',
  values: ['compacting'],
  requires: { fact: 'door', operator: 'equal', value: door },
});

/** Is told of alarms, again and again, and more people after a minute. */
const duty = {
  id: 'waste/duty',
  title: 'Duty',
  from: 'low',
  repeatEvery: '5 min',
  levels: [
    { contacts: [{ name: 'Desk', mail: 'desk@city.example', when: { between: ['10:00', '10:02'] } }] },
    { after: '1 min', contacts: [{ name: 'Head', mail: 'head@city.example' }] },
  ],
};

/** Wants something else every few seconds, of each bin a little later than of the other. */
const schedule = (version: number) => ({
  id: 'waste/by-clock',
  title: 'By the clock',
  timeZone: 'UTC',
  targets: { type: 'WasteContainer', point: 'compaction' },
  programmes: {
    day: [{ set: 'idle' }, { from: '10:00:20', to: `10:00:4${version}`, set: 'compacting' }],
    fair: [{ from: '10:00:30', set: 'compacting' }],
  },
  days: [
    { on: { calendar: 'waste/fair' }, programme: 'fair' },
    { on: 'everyDay', programme: 'day' },
  ],
  lease: '10 min',
  spread: '7 s',
});

/** Is told every minute. */
const eventSchedule = (version: number) => ({
  id: 'waste/minutely',
  title: 'Minutely',
  timeZone: 'UTC',
  event: { name: 'minute' },
  programmes: { day: [{ cron: `*/${version} * * * *` }] },
  days: [{ on: 'everyDay', programme: 'day' }],
  missed: 'once',
});

/** One step of a random day: time passes, and something comes in. */
const step = fc.record({
  passSeconds: fc.nat(9),
  asset: fc.constantFrom(...BINS),
  what: fc.oneof(
    fc.record({ fill: fc.double({ min: 0, max: 1, noNaN: true }), ageSeconds: fc.nat(4) }),
    fc.record({ door: fc.constantFrom('open' as const, 'closed' as const) }),
    fc.record({
      reports: fc.constantFrom('command' as const, 'programme' as const, 'local' as const),
      value: fc.constantFrom('idle', 'compacting'),
    }),
    fc.constant('sent' as const),
    fc.record({ worn: fc.nat(12) }),
    fc.record({ interlock: fc.constantFrom('open', 'closed', null) }),
    fc.record({ cycles: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ version: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ online: fc.boolean() }),
    fc.record({ restraint: fc.constantFrom('stand-down', 'out-of-service', null) }),
    fc.record({ scheduleVersion: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      fair: fc.constantFrom('sunday' as const, 'monday' as const),
      fairVersion: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ outageSeconds: fc.nat(150) }),
    fc.record({
      alarms: fc.constantFrom('acknowledge' as const, 'shelve' as const, 'unshelve' as const),
      nth: fc.nat(5),
    }),
    fc.record({
      by: fc.constantFrom('ann', 'ben'),
      lid: fc.constantFrom('shut' as const, 'open' as const, 'confirm' as const, 'decline' as const),
    }),
    fc.record({ halts: fc.constantFrom('pause' as const, 'resume' as const, 'park' as const) }),
  ),
  fate: fc.constantFrom<Fate>('checkpoint', 'takeover', undefined),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function live(steps: readonly Step[]): Promise<FoldRun> {
  const run = new FoldRun({ leaseMs: 20_000, localHandMs: 10_000, retryMs: 1_000, furtherTries: 1 });
  for (const id of BINS) await run.asset(bin(id));
  await run.duty(duty);
  await run.rule(rule);
  await run.rule(quickRule);
  for (const one of [...followers, clockRule]) await run.rule(one);
  await run.rule(countingRule);
  await run.rule(oneShotRule);
  await run.interlock(interlock('closed'));
  await run.schedule(schedule(1));
  await run.schedule(eventSchedule(1));
  let version = 1;
  for (const { passSeconds, asset, what } of steps) {
    await run.pass(passSeconds);
    const newest = commandsIn(run.outputs).at(-1);
    version += 1;
    if (what === 'sent') {
      if (newest) await run.sent(newest);
    } else if ('worn' in what) {
      const until = run.now + what.worn * 1_000;
      const refused = { kind: 'progress', state: 'refused', detail: 'worn', until } as const;
      if (newest) await run.put({ ...refused, commandId: newest.commandId });
    } else if ('cycles' in what) await run.asset(bin(asset, what.cycles), version);
    else if ('fill' in what)
      await run.reading(asset, 'fillingLevel', what.fill, { at: run.now - what.ageSeconds * 1_000 });
    else if ('door' in what) await run.report(asset, { readings: { door: what.door } });
    else if (isDocument(what)) await document(run, what, version);
    else if ('outageSeconds' in what) run.now += what.outageSeconds * 1_000;
    else if ('online' in what) await status(run, what.online);
    else if ('alarms' in what || 'lid' in what || 'halts' in what) await people(run, what, asset);
    else if ('version' in what) await run.rule(pressing(what.version), version);
    else await run.report(asset, { points: { compaction: { value: what.value, cause: what.reports } } });
  }
  return run;
}

type DocumentDo = Extract<
  Step['what'],
  { interlock: unknown } | { scheduleVersion: unknown } | { fair: unknown } | { restraint: unknown }
>;

const isDocument = (what: Exclude<Step['what'], string>): what is DocumentDo =>
  'interlock' in what || 'scheduleVersion' in what || 'fair' in what || 'restraint' in what;

/** Somebody stands the bins down, takes the first with what hangs on it out of service, or ends that. */
async function restrain(run: FoldRun, kind: 'stand-down' | 'out-of-service' | null, version: number): Promise<void> {
  const common = { by: 'ann', at: run.now, reason: 'a test', endAsked: [] };
  for (const one of ['stand-down', 'out-of-service'] as const) {
    const id = `waste/${one}`;
    const about =
      one === 'stand-down' ? { kind: one, scope: { type: 'WasteContainer' } } : { kind: one, asset: BINS[0] };
    const body = kind === one ? restraintSchema.parse({ id, ...common, ...about }) : null;
    if (kind === one || kind === null)
      await run.put({ kind: 'document', document: { of: 'restraint', id, version, body } });
  }
}

/** Somebody saves a restraint, the interlock, the schedules, or a calendar that rules their days, anew; or removes the first. */
async function document(run: FoldRun, what: DocumentDo, version: number): Promise<void> {
  if ('restraint' in what) {
    await restrain(run, what.restraint, version);
  } else if ('fair' in what) {
    await run.calendar({ id: 'waste/fair', title: 'Fair', days: what.fair }, what.fairVersion);
  } else if ('scheduleVersion' in what) {
    await run.schedule(schedule(what.scheduleVersion), what.scheduleVersion);
    await run.schedule(eventSchedule(what.scheduleVersion), what.scheduleVersion);
  } else if (what.interlock === null)
    await run.put({ kind: 'document', document: { of: 'interlock', id: 'waste/door', version, body: null } });
  else await run.interlock(interlock(what.interlock), version);
}

async function status(run: FoldRun, online: boolean): Promise<void> {
  const said = { state: online ? ('online' as const) : ('offline' as const), at: toIso(run.now) };
  await run.put({ kind: 'status', department: 'waste', device: 'gateway', status: said });
}

type PeopleDo = Extract<Step['what'], { alarms: unknown } | { lid: unknown } | { halts: unknown }>;

async function people(run: FoldRun, what: PeopleDo, asset: string): Promise<void> {
  if ('alarms' in what) await person(run, what);
  else if ('lid' in what) await lid(run, what, asset);
  else await halt(run, what.halts);
}

/** A person does something about one of the alarms that there have been, the newest first. */
async function person(run: FoldRun, { alarms, nth }: { alarms: 'acknowledge' | 'shelve' | 'unshelve'; nth: number }) {
  const names = run.outputs.flatMap((output) => (output.kind === 'alarm' ? [output.alarm.alarmId] : []));
  const alarm = [...new Set(names.toReversed())][nth];
  if (alarm === undefined) return;
  const actor = { kind: 'person' as const, id: 'ann', roles: { waste: ['operator' as const] } };
  const request =
    alarms === 'acknowledge'
      ? { do: 'acknowledge-alarms' as const, alarms: [alarm] }
      : alarms === 'shelve'
        ? { do: 'shelve-alarm' as const, alarm, seconds: 60, reason: 'test' }
        : { do: 'unshelve-alarm' as const, alarm, reason: 'test' };
  await run.put({ kind: 'request', id: 'r', actor, department: 'waste', request });
}

/** A person wants the lid shut, or open, which needs another; or answers what was asked last. */
async function lid(
  run: FoldRun,
  { by, lid: what }: { by: string; lid: 'shut' | 'open' | 'confirm' | 'decline' },
  asset: string,
): Promise<void> {
  const actor = { kind: 'person' as const, id: by, roles: { waste: ['operator' as const] } };
  const asked = run.outputs.flatMap((one) =>
    one.kind === 'live' && one.event.event === 'confirmation' ? [one.event.data.id] : [],
  );
  const confirmation = asked.at(-1) ?? 'none';
  const wish = { do: 'claim' as const, point: `${asset}#lid`, effect: 'set' as const, rampSeconds: 0, key: '' };
  const request =
    what === 'confirm'
      ? { do: 'confirm' as const, confirmation }
      : what === 'decline'
        ? { do: 'decline' as const, confirmation, reason: 'test' }
        : { ...wish, value: what, slot: 8, leaseSeconds: 30, reason: 'test' };
  await run.put({ kind: 'request', id: `lid-${run.entries.length}`, actor, department: 'waste', request });
}

/** A person pauses the rule that reads at a glance, or lets it go on; or the engine found it too slow. */
async function halt(run: FoldRun, what: 'pause' | 'resume' | 'park'): Promise<void> {
  const { id } = quickRule;
  if (what === 'park') {
    await run.put({ kind: 'park', rule: id, version: 1, why: 'slow' });
    return;
  }
  const actor = { kind: 'person' as const, id: 'ann', roles: { waste: ['operator' as const] } };
  const request =
    what === 'pause'
      ? { do: 'pause-rule' as const, rule: id, seconds: 20, reason: 'test' }
      : { do: 'resume-rule' as const, rule: id, reason: 'test' };
  await run.put({ kind: 'request', id: 'r', actor, department: 'waste', request });
}

/** What happens to the engine after an entry: it saves a checkpoint, or it dies and another takes over. */
type Fate = 'checkpoint' | 'takeover' | undefined;

/**
 * Folds a log again. Whoever takes over has a newer epoch and begins from the last checkpoint, so that it folds once more
 * what came since; what that brings about must be what it was the first time.
 */
async function replay(
  entries: readonly LogEntry[],
  fates: readonly Fate[],
  begin: () => Fold,
): Promise<{ outputs: Output[]; cells: Map<string, string> }> {
  const cells = new Map<string, string>();
  let saved = { entries: 0, lastId: '0-0' };
  const save = (from: Fold, count: number): void => {
    updateCells(cells, from.drain());
    saved = { entries: count, lastId: from.lastId };
  };
  let fold = begin();
  let epoch = 1;
  const outputs: Output[][] = [];
  for (const [index, entry] of entries.entries()) {
    outputs.push(await fold.apply(entry));
    if (fates[index] === 'checkpoint') save(fold, index + 1);
    if (fates[index] !== 'takeover') continue;
    fold = begin();
    epoch += 1;
    fold.epoch = epoch;
    fold.restore(saved.lastId, new Map(cells));
    for (let again = saved.entries; again <= index; again += 1)
      expect(acts(await fold.apply(entries[again]!))).toEqual(acts(outputs[again]!));
  }
  save(fold, entries.length);
  return { outputs: outputs.flat(), cells: new Map([...cells].map(([cell, text]) => [cell, withoutFence(text)])) };
}

/** Who issued a command is all that a takeover changes. */
const withoutFence = (text: string): string => text.replaceAll(/"fence":\d+/g, '"fence":0');

const DONE_ELSEWHERE: readonly Output['kind'][] = [
  'command',
  'command-record',
  'decision',
  'order',
  'alarm',
  'message',
  'interlock-facts',
  'halt',
  'run',
  'point-change',
];
/** Ids under which the record keeps each of them once. */
const idsIn = (outputs: readonly Output[]): string[] =>
  outputs.flatMap((output) =>
    output.kind === 'decision'
      ? output.decision.decisionId
      : output.kind === 'message'
        ? output.message.messageId
        : output.kind === 'order' && output.order.state === 'open'
          ? output.order.orderId
          : [],
  );
const acts = (outputs: readonly Output[]): Output[] =>
  JSON.parse(withoutFence(JSON.stringify(outputs.filter(({ kind }) => DONE_ELSEWHERE.includes(kind)))));

/** Two activations end with one change of a rule: in one order, whoever took over in between. */
const RULE_CHANGED_AFTER_A_TAKEOVER: Step[] = [
  { passSeconds: 0, asset: BIN_B, what: { door: 'open' }, fate: 'checkpoint' },
  { passSeconds: 0, asset: BIN_A, what: { cycles: 1 }, fate: 'checkpoint' },
  { passSeconds: 0, asset: BIN_A, what: { door: 'open' }, fate: 'checkpoint' },
  { passSeconds: 0, asset: BIN_A, what: { restraint: 'stand-down' }, fate: 'checkpoint' },
  { passSeconds: 0, asset: BIN_A, what: { alarms: 'acknowledge', nth: 0 }, fate: 'checkpoint' },
  { passSeconds: 0, asset: BIN_A, what: { worn: 0 }, fate: 'takeover' },
  { passSeconds: 3, asset: BIN_A, what: { version: 2 }, fate: 'checkpoint' },
];

it(
  'ends in the same state and the same outputs however often the engine dies within the same log and another takes over',
  { timeout: 180_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const run = await live(steps);
        expect(run.failures.filter((one) => !one.endsWith('parked: slow'))).toEqual([]);
        expect(idsIn(run.outputs)).toEqual([...new Set(idsIn(run.outputs))]);
        const begin = () => run.newFold();
        const straight = await replay(run.entries, [], begin);
        const fates = run.entries.map((_, index) => steps[index % steps.length]?.fate);
        const restarted = await replay(run.entries, fates, begin);
        expect(acts(straight.outputs)).toEqual(acts(run.outputs));
        expect(acts(restarted.outputs)).toEqual(acts(straight.outputs));
        expect(Object.fromEntries(restarted.cells)).toEqual(Object.fromEntries(straight.cells));
      }),
      { numRuns: 100, examples: [[RULE_CHANGED_AFTER_A_TAKEOVER]] },
    );
  },
);
