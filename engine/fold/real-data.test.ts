// Rules over what real sensors once said: a traffic detector with gaps and repeats, and a city's litter bins. Read from ../shared/data, never committed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Decision } from '../model/decision.ts';
import type { Reading } from '../model/reading.ts';
import { ruleSchema } from '../model/rule.ts';
import type { Value } from '../model/value.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const NAB = join(DATA, 'nab');
const BINS = join(DATA, 'edinburgh-bins/collections.csv');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The detector reports every five minutes: three missed reports, and nothing is known. */
const STALE_MS = 15 * MINUTE_MS;

const LOOP = 'urn:ngsi-ld:Detector:t4013';
const detector = {
  id: LOOP,
  type: 'Detector',
  title: 'Detector 4013',
  department: 'traffic',
  reports: { occupancy: { every: '5 min' }, averageVehicleSpeed: { every: '5 min' } },
};
const congestion = {
  id: 'traffic/congestion',
  title: 'Congestion',
  scope: { type: 'Detector' },
  conditions: {
    all: [
      { fact: 'occupancy', params: { window: '15 min', aggregate: 'avg' }, operator: 'greaterThan', value: 0.2 },
      { fact: 'averageVehicleSpeed', operator: 'lessThan', value: 65 },
    ],
  },
  for: '5 min',
  clear: { all: [{ fact: 'occupancy', operator: 'lessThan', value: 0.15 }] },
  clearFor: '10 min',
  actions: [{ point: 'timePlan', set: 3 }],
};

/** An activation from one moment to another, milliseconds since the epoch. */
interface Span {
  asset: string;
  from: number;
  to: number;
}

describe.skipIf(!existsSync(NAB))('the loop detector 4013 in the Twin Cities, 2015 (../shared/data/nab)', () => {
  it('counts repeats once, knows nothing in its gaps, and finds the labelled mornings', async () => {
    const messages = [
      ...series('occupancy_t4013.csv', 'occupancy', (percent) => percent / 100),
      ...series('speed_t4013.csv', 'averageVehicleSpeed', (milesPerHour) => milesPerHour * 1.609_344),
    ].toSorted((left, right) => left.observedAt - right.observedAt);
    const run = new FoldRun();
    run.now = messages[0]!.observedAt;
    await run.asset(detector);
    await run.rule(congestion);
    const inSilence: unknown[] = [];
    for (const message of messages) {
      const silentFrom = newestOf(run, messages[0]!.observedAt) + STALE_MS;
      await passUntil(run, message.observedAt);
      if (run.now >= silentFrom)
        inSilence.push((await run.fold.examine(`${congestion.id}|${LOOP}|`))?.conditions.outcome);
      // At least once: every message comes twice.
      await run.put({ kind: 'readings', readings: [message] });
      await run.put({ kind: 'readings', readings: [message] });
    }
    const once = new Set(messages.map(({ id }) => id)).size;
    expect(run.fold.counts).toMatchObject({ taken: once, repeated: 2 * messages.length - once, disagreements: 0 });
    expect(messages.length - once).toBe(2);
    expect(inSilence.length).toBeGreaterThan(90);
    expect(new Set(inSilence)).toEqual(new Set(['unknown']));
    const spans = spansIn(decisionsIn(run.outputs), run.now);
    for (const gap of gapsIn(messages)) for (const span of spans) expect(survives(span, gap)).toBe(false);
    expect(labelledWindows()).toHaveLength(4);
    const { missed, falsePerDay } = judge(spans, messages);
    expect(missed).toEqual([]);
    expect(falsePerDay).toBeLessThan(1);
    expect(run.failures).toEqual([]);
  });
});

/** The detector numbers its messages by their time; of two with the same number the first counts. */
function series(file: string, property: string, convert: (value: number) => number): Reading[] {
  return linesOf(join(NAB, file)).map((line) => {
    const [time = '', value = ''] = line.split(',');
    return read(LOOP, property, convert(Number(value)), Date.parse(`${time.replace(' ', 'T')}Z`));
  });
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n').slice(1);

function read(asset: string, property: string, value: Value, at: number): Reading {
  const id = `${asset}@${at}/${property}`;
  return { id, asset, property, value, observedAt: at, receivedAt: at, quality: 'good', source: 'flow:replay' };
}

async function passUntil(run: FoldRun, at: number): Promise<void> {
  if (at > run.now) await run.pass((at - run.now) / 1_000);
}

/** When the detector last said anything. */
const newestOf = (run: FoldRun, otherwise: number): number =>
  run.entries.findLast(({ input }) => input.kind === 'readings')?.at ?? otherwise;

function spansIn(decisions: readonly Decision[], end: number): Span[] {
  return decisions.flatMap((decision, index): Span[] => {
    if (decision.kind !== 'started') return [];
    const { asset, at } = decision;
    const ended = decisions.slice(index + 1).find((later) => later.asset === asset);
    return [{ asset, from: at, to: ended?.at ?? end }];
  });
}

/** From when nothing was known until the next word, for each property. */
function gapsIn(messages: readonly Reading[]): { from: number; to: number }[] {
  return [...Map.groupBy(messages, ({ property }) => property).values()].flatMap((own) =>
    own.flatMap(({ observedAt }, index) => {
      const next = own[index + 1]?.observedAt ?? observedAt;
      return next - observedAt > STALE_MS ? [{ from: observedAt + STALE_MS, to: next }] : [];
    }),
  );
}

const survives = (span: Span, gap: { from: number; to: number }): boolean =>
  gap.from < span.to && Math.max(gap.from, span.from) < Math.min(gap.to, span.to);

const overlapMs = (span: Span, from: number, to: number): number =>
  Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));

/** When people saw something odd in either of the detector's two series. */
function labelledWindows(): { file: string; from: number; to: number }[] {
  const labels: Record<string, [string, string][]> = JSON.parse(readFileSync(join(NAB, 'windows.json'), 'utf8'));
  return ['occupancy_t4013', 'speed_t4013'].flatMap((file) =>
    (labels[`realTraffic/${file}.csv`] ?? []).map((pair) => {
      const [from = 0, to = 0] = pair.map((time) => Date.parse(`${time.replace(' ', 'T')}Z`));
      return { file, from, to };
    }),
  );
}

/** What the rule found of the labelled windows and beside them, also as a line for whoever judges the rule. */
function judge(spans: readonly Span[], messages: readonly Reading[]): { missed: string[]; falsePerDay: number } {
  const found = labelledWindows().map(({ file, from, to }) => {
    const inside = spans.filter((span) => overlapMs(span, from, to) > 0);
    const minutes = inside.reduce((sum, span) => sum + overlapMs(span, from, to), 0) / MINUTE_MS;
    const name = `${file} ${new Date(from).toISOString().slice(0, 10)}`;
    return { name, inside, text: `${name} ${inside.length} (${Math.round(minutes)} min)` };
  });
  const beside = spans.filter((span) => !found.some(({ inside }) => inside.includes(span)));
  const days = ((messages.at(-1)?.observedAt ?? 0) - (messages[0]?.observedAt ?? 0)) / DAY_MS;
  const falsePerDay = beside.length / days;
  process.stdout.write(
    `NAB t4013: activations in labelled windows: ${found.map(({ text }) => text).join(', ')}; ` +
      `false: ${beside.length} in ${days.toFixed(1)} days, ${falsePerDay.toFixed(2)} per day\n`,
  );
  return { missed: found.flatMap(({ name, inside }) => (inside.length === 0 ? name : [])), falsePerDay };
}

/** The rule that Harbourton collects by, with real lengths of time. */
const collect = ruleSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/real-times/waste/collect.json'), 'utf8')),
);
/** Half of a litter bin: what the council's sensors call 62.5 %. */
const FULL_AT = 0.5;
/** The council notes that 100 % is a bin that is 80 % full. */
const CALIBRATION = 0.8;
/** The rule's own: so close to one another must two full readings be. */
const WITHIN_MS = 26 * 60 * MINUTE_MS;
/** Readings on the way from empty to the collection. */
const STEPS = 6;

interface Collection {
  asset: string;
  at: number;
  /** 0 to 1, calibrated. */
  fill: number;
}

describe.skipIf(!existsSync(BINS))('the litter bins of Edinburgh, 2016 (../shared/data/edinburgh-bins)', () => {
  it('get one order per collection on the second full reading, closed by the emptied bin, and never two at a time', async () => {
    const collections = collectionsIn(linesOf(BINS));
    expect(collections).toHaveLength(5_017);
    const run = new FoldRun();
    const readings = readingsOf(collections);
    run.now = readings[0]!.observedAt;
    for (const asset of new Set(collections.map((one) => one.asset))) {
      await run.asset({
        id: asset,
        type: 'WasteContainer',
        title: asset,
        department: 'waste',
        attributes: { fullAt: FULL_AT },
      });
      await run.put({ kind: 'readings', readings: [read(asset, 'status', 'ok', run.now)] });
    }
    await run.rule(collect);
    for (const reading of readings) {
      await passUntil(run, reading.observedAt);
      await run.put({ kind: 'readings', readings: [reading] });
    }
    const orders = run.outputs.flatMap((output) => (output.kind === 'order' ? output.order : []));
    const open = new Map<string, string>();
    for (const { orderId, asset, state } of orders) {
      expect(open.get(asset)).toBe(state === 'open' ? undefined : orderId);
      if (state === 'open') open.set(asset, orderId);
      else open.delete(asset);
    }
    expect(open.size).toBe(0);
    const closed = orders.filter(({ state }) => state === 'closed');
    expect(new Set(closed.map(({ closedBy }) => closedBy))).toEqual(new Set(['reading']));
    const due = [...Map.groupBy(readings, ({ asset }) => asset)].flatMap(([asset, own]) =>
      emptiedWhenDue(own).map((at) => ({ asset, at })),
    );
    expect(closed.map(({ asset, closedAt = 0 }) => momentOf({ asset, at: closedAt })).toSorted()).toEqual(
      due.map(momentOf).toSorted(),
    );
    const opened = orders.filter(({ state }) => state === 'open');
    expect(
      new Set(opened.map(({ kind, dueAt = 0 }) => `${kind} ${new Date(dueAt).toISOString().slice(11, 16)}`)),
    ).toEqual(new Set(['collection 05:00']));
    process.stdout.write(
      `Edinburgh: ${opened.length} orders for ${collections.length} collections, one for each of which two readings within 26 h were full; never two open\n`,
    );
    expect(run.failures).toEqual([]);
  });
});

const momentOf = ({ asset, at }: { asset: string; at: number }): string => `${asset} ${at}`;

/** Names have commas and quotes in them; what stands behind the contents has none. */
function collectionsIn(lines: readonly string[]): Collection[] {
  return lines.map((line) => {
    const [site = ''] = line.split(',', 1);
    const [time = '', before = ''] = line.slice(line.indexOf(',Mixed,') + 7).split(',');
    return {
      asset: `urn:ngsi-ld:WasteContainer:edinburgh-${site}`,
      at: Date.parse(`${time}Z`),
      fill: (Number(before) / 100) * CALIBRATION,
    };
  });
}

/** A bin fills steadily from one collection to the next; the truck leaves it empty. */
function readingsOf(collections: readonly Collection[]): Reading[] {
  const byBin = Map.groupBy(collections, ({ asset }) => asset);
  const readings = [...byBin.values()].flatMap((own) =>
    own.flatMap(({ asset, at, fill }, index) => {
      const since = own[index - 1]?.at ?? at - DAY_MS;
      const rising = Array.from({ length: STEPS }, (_, step) => {
        const share = (step + 1) / (STEPS + 1);
        return read(asset, 'fillingLevel', fill * share, Math.round(since + (at - since) * share));
      });
      return [...rising, read(asset, 'fillingLevel', fill, at - MINUTE_MS), read(asset, 'fillingLevel', 0, at)];
    }),
  );
  return readings.toSorted((left, right) => left.observedAt - right.observedAt);
}

/** When the truck empties a bin for which an order is open: by two full readings within 26 h, none of which began another. */
function emptiedWhenDue(readings: readonly Reading[]): number[] {
  const moments: number[] = [];
  let full: number[] = [];
  let isOpen = false;
  for (const { value, observedAt } of readings) {
    if (value === 0) {
      if (isOpen) moments.push(observedAt);
      isOpen = false;
    } else if (!isOpen && Number(value) >= FULL_AT) {
      full = [...full.filter((moment) => moment > observedAt - WITHIN_MS && moment !== observedAt), observedAt];
      isOpen = full.length > 1;
      if (isOpen) full = [];
    }
  }
  return moments;
}
