// Decisions have an id each, in the order in which they were made: none is lost from the record, and the last one counts.
import { describe, expect, it } from 'vitest';

import { decisionsIn, START } from '../../test/fold-run.ts';
import { RecordedRun } from '../../test/recorded-run.ts';
import type { Decision } from '../model/decision.ts';
import { explainPast } from './explain-past.ts';
import { sortableId } from './log-id.ts';

const LOOP = 'urn:ngsi-ld:Detector:d';
const DAY_MS = 86_400_000;

const rule = (id: string, conditions: object, more: object = {}) => ({
  id,
  title: id,
  scope: { type: 'Detector' },
  conditions,
  actions: [{ notify: { to: 'duty', text: id } }],
  ...more,
});
const busy = { fact: 'occupancy', operator: 'greaterThan', value: 0.5 };
const state = (name: string, value: string) => ({ fact: 'activation', params: { name }, operator: 'equal', value });

async function cityWith(...rules: ReturnType<typeof rule>[]): Promise<RecordedRun> {
  const city = new RecordedRun();
  const asset = { id: LOOP, type: 'Detector', title: 'Loop', department: 'traffic' };
  await city.store('asset', { ...asset, reports: { occupancy: { onChange: true, heartbeat: '30 days' } } });
  for (const one of rules) await city.store('rule', one);
  return city;
}

function expectInOrder(decisions: readonly Decision[]): void {
  const ids = decisions.map(({ decisionId }) => decisionId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
}

describe('decisions', () => {
  it('that one entry brings about over days have an id each', async () => {
    const city = await cityWith(rule('traffic/noon', { fact: 'time.local', operator: 'greaterThan', value: 700 }));
    city.run.now += 4 * DAY_MS;
    const decisions = decisionsIn(await city.run.put({ kind: 'tick' }));
    expect(decisions.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => ['started', 'ended']).flat());
    expectInOrder(decisions);
    await city.record();
    expect(await city.records.recentDecisions(100)).toEqual(decisions.toReversed());
  });

  it('that one entry brings about at one instant have an id each, and the explanation goes by the last', async () => {
    const latched = { clear: { fact: 'occupancy', operator: 'lessThan', value: 0.1 } };
    const [first, second, third] = ['traffic/first', 'traffic/second', 'traffic/third'] as const;
    const city = await cityWith(
      rule(first, { all: [busy, { any: [state(second, 'none'), state(third, 'active')] }] }),
      rule(second, { all: [busy, state(first, 'active')] }, latched),
      rule(third, { all: [busy, state(second, 'active'), state(first, 'none')] }, latched),
    );
    const outputs = await city.run.reading(LOOP, 'occupancy', 0.9);
    await city.record();
    const own = decisionsIn(outputs).filter((decision) => decision.rule === first);
    expect(own.map(({ kind, at }) => [kind, at])).toEqual([
      ['started', START],
      ['ended', START],
      ['started', START],
    ]);
    expectInOrder(own);
    const messages = outputs.flatMap((output) => (output.kind === 'message' ? [output.message] : []));
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(4);
    const explained = await explainPast(city.past, { rule: first, asset: LOOP, at: START });
    expect(explained).toMatchObject({ fired: true, decision: { decisionId: own[2]?.decisionId } });
  });

  it('of a start and an end at one instant leave the rule ended', async () => {
    const city = await cityWith(rule('traffic/late', busy, { when: { between: ['10:30', '12:00'] } }));
    await city.run.reading(LOOP, 'occupancy', 0.9);
    city.run.now = START + 30 * 60_000;
    const decisions = decisionsIn(await city.run.reading(LOOP, 'occupancy', 0.1));
    expect(decisions.map(({ kind, at }) => [kind, at])).toEqual([
      ['started', city.run.now],
      ['ended', city.run.now],
    ]);
    expectInOrder(decisions);
    await city.record();
    const explained = await explainPast(city.past, { rule: 'traffic/late', asset: LOOP, at: city.run.now });
    expect(explained).toMatchObject({ fired: false, reason: 'false' });
  });
});

it('log ids are put in order as texts', () => {
  expect(['12-9', '12-10', '13-0'].map(sortableId).toSorted()).toEqual(['12-9', '12-10', '13-0'].map(sortableId));
});
