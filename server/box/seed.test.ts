import { join } from 'node:path';

import { pino } from 'pino';
import { expect, it } from 'vitest';

import { MemoryDocuments } from '../../test/memory-store.ts';
import { systemActor } from '../../engine/model/actor.ts';
import { systemClock } from '../../engine/model/clock.ts';
import { documentCheck } from './check-document.ts';
import { seedDemo } from './seed.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const log = pino({ level: 'silent' });

it('stores the whole city once, and nothing the second time', async () => {
  const documents = new MemoryDocuments(systemClock);
  expect(await seedDemo(documents, EXAMPLES, log)).toBeGreaterThan(170);
  expect(await seedDemo(documents, EXAMPLES, log)).toBe(0);
  expect((await documents.list('rule')).map(({ id }) => id)).toContain('traffic/queue-relief');
});

it('is shared by two engines that start on one empty database, and fails neither', async () => {
  const documents = new MemoryDocuments(systemClock);
  const stored = await Promise.all([seedDemo(documents, EXAMPLES, log), seedDemo(documents, EXAMPLES, log)]);
  const all = await documents.newest();
  expect(stored[0] + stored[1]).toBe(all.length);
  expect(new Set(all.map(({ version }) => version))).toEqual(new Set([1]));
});

it('completes a first start that was cut short, and leaves alone what people removed', async () => {
  const documents = new MemoryDocuments(systemClock);
  const removed = { kind: 'rule' as const, id: 'waste/compact', department: 'waste', actor: systemActor('test') };
  await seedDemo(documents, EXAMPLES, log);
  await documents.put({ ...removed, body: null, expected: 1 });
  expect(await seedDemo(documents, EXAMPLES, log)).toBe(0);
  expect(await documents.get('rule', 'waste/compact')).toBeUndefined();
});

it('stores rules, conditions and interlocks that pass their own checks', async () => {
  const documents = new MemoryDocuments(systemClock);
  await seedDemo(documents, EXAMPLES, log);
  const check = documentCheck(documents);
  for (const { kind, id, body } of await documents.newest())
    expect([id, await check(kind, body)]).toEqual([id, { problems: [], warnings: [] }]);
});

it('finds the same slips in a condition or an interlock as in a rule', async () => {
  const check = documentCheck(new MemoryDocuments(systemClock));
  const slip = { fact: 'fillingLevel', operator: 'greaterThan', value: 80 };
  const condition = await check('condition', { id: 'waste/full', name: 'full', title: 'Full', conditions: slip });
  const interlock = await check('interlock', {
    id: 'waste/x',
    title: 'X',
    scope: { type: 'WasteContainer' },
    point: 'compaction',
    requires: slip,
  });
  expect(condition.problems[0]?.message).toContain('80 % is written 0.8');
  expect(interlock.problems[0]?.path).toBe('/requires/value');
});

it('answers problems of form and of meaning together, and warnings', async () => {
  const documents = new MemoryDocuments(systemClock);
  await seedDemo(documents, EXAMPLES, log);
  const found = await documentCheck(documents)('rule', {
    id: 'waste/press',
    scope: { type: 'WasteContainer', zone: 'nowhere' },
    conditions: { all: [{ fact: 'fillingLevel', operator: 'greaterThan', value: 80 }, { any: [] }] },
    actions: [{ point: 'compaction', set: 'compacting' }],
  });
  expect(found.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'schema /title',
    'rule-empty /conditions/all/1/any',
    'rule-value /conditions/all/0/value',
  ]);
  expect(found.problems.at(-1)?.fix).toEqual({ value: 0.8 });
  expect(found.warnings.map(({ code }) => code)).toEqual(['rule-no-assets']);
});
