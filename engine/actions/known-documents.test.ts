import { expect, it } from 'vitest';

import { KnownDocuments, type KnownDocument } from './known-documents.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  tags: ['compactor'],
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};
const closed = {
  id: 'waste/press-closed',
  title: 'The press moves only with its door closed',
  scope: { type: 'WasteContainer', tag: 'compactor' },
  point: 'compaction',
  requires: { fact: 'door', operator: 'equal', value: 'closed' },
};

function aStore() {
  const stored: KnownDocument[] = [];
  const askedSince: number[] = [];
  const problems: unknown[] = [];
  const wakes: (() => void)[] = [];
  const known = new KnownDocuments({
    read: async (since) => {
      askedSince.push(since);
      return stored.filter((document) => document.changedAt >= since);
    },
    clock: { now: () => 0, after: (_, wake) => (wakes.push(wake), () => undefined) },
    note: (problem) => problems.push(problem),
  });
  const put = (kind: string, id: string, version: number, body: unknown) =>
    stored.push({ kind, id, version, body, changedAt: 1_000_000 + stored.length });
  const later = async () => {
    for (const wake of wakes.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { known, put, later, askedSince, problems };
}

it('knows an asset’s points and the interlocks that stand for them, and notices a new one within a second', async () => {
  const { known, put, later } = aStore();
  put('asset', BIN, 1, bin);
  await known.start();
  expect(known.interlocksFor(`${BIN}#compaction`)).toEqual([]);
  put('interlock', closed.id, 1, closed);
  await later();
  expect(known.interlocksFor(`${BIN}#compaction`).map(({ id }) => id)).toEqual([closed.id]);
  expect(known.interlocksFor(`${BIN}#level`)).toEqual([]);
  known.stop();
});

it('keeps the interlock in force when a newer version cannot be read, and says so', async () => {
  const { known, put, later, problems } = aStore();
  put('asset', BIN, 1, bin);
  put('interlock', closed.id, 1, closed);
  await known.start();
  put('interlock', closed.id, 2, { ...closed, requires: 'something newer' });
  await later();
  expect(known.interlocksFor(`${BIN}#compaction`)).toHaveLength(1);
  expect(problems).toHaveLength(1);
  known.stop();
});

it('forgets what was removed, and asks only for what changed lately', async () => {
  const { known, put, later, askedSince } = aStore();
  put('asset', BIN, 1, bin);
  await known.start();
  put('asset', BIN, 2, null);
  await later();
  expect(known.asset(BIN)).toBeUndefined();
  expect(askedSince[0]).toBe(0);
  expect(askedSince[1]).toBeGreaterThan(0);
  known.stop();
});
