import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { decisionOf } from '../../test/decision.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import { FedReadings } from './fed-readings.ts';
import rules from './rules.ts';

useNodeRed();

const APPROACH = 'urn:ngsi-ld:Approach:J4-east';
const NOW = { asset: APPROACH, property: 'queueLength', value: 14 };
const whole = (id: string) => ({ ...NOW, unit: '1', id, observedAt: 1_000, quality: 'good' });
const because = (...readings: string[]) => decisionOf({ trace: [{ path: '/conditions', outcome: true, readings }] });

it('feeds a reading that a flow made, with the time of now and an id of its own', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(rules, { type: 'rules' }, link);
  const before = Date.now();
  node.receive({ payload: NOW });
  await eventually(() => expect(server.readings.size).toBe(1));
  const [reading] = server.readings.values();
  expect(reading).toMatchObject({ asset: APPROACH, property: 'queueLength', value: 14, unit: '1', quality: 'good' });
  expect(reading?.observedAt).toBeGreaterThanOrEqual(before);
});

it('keeps the ids of readings that a sensor node sent on, so that they count once', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(rules, { type: 'rules' }, link);
  node.receive({ payload: [whole('m1'), whole('m2')] });
  node.receive({ payload: [whole('m2')] });
  await eventually(() => expect(server.batches.flatMap(({ readings }) => readings)).toHaveLength(3));
  expect([...server.readings.values()]).toEqual([whole('m1'), whole('m2')]);
});

it('sends on the decisions that its readings caused, and no others', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(rules, { type: 'rules' }, link);
  node.receive({ payload: [whole('m1'), whole('m2')] });
  await eventually(() => expect(server.readings.size).toBe(2));
  server.tell({ type: 'decision', decision: because('of-a-sensor') });
  server.tell({ type: 'decision', decision: because('m2', 'of-a-sensor', 'm1', 'm2') });
  await eventually(() => expect(node.outputs[0]).toHaveLength(1));
  expect(node.outputs[0]?.[0]).toMatchObject({ topic: 'traffic/queue-relief', readings: ['m2', 'm1'] });
});

it('sends what it cannot take to the second output, all problems at once and by their place', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(rules, { type: 'rules' }, link);
  node.receive({
    payload: [
      whole('m1'),
      { asset: 'J4', property: '', observedAt: 'now' },
      { ...NOW, value: -1, quality: 'fine' },
      { ...NOW, value: -1 },
    ],
  });
  await eventually(() => expect(node.outputs[1]).toHaveLength(1));
  const { problems } = Object(node.outputs[1]?.[0]?.['error']);
  expect(problems.map(({ path }: { path: string }) => path)).toEqual([
    '/1/asset',
    '/1/property',
    '/1/observedAt',
    '/2/quality',
    '/3/value',
  ]);
  expect([...server.readings.keys()]).toEqual(['m1']);
});

it('forgets the oldest readings, so that a flow that feeds for years stays small', () => {
  const fed = new FedReadings();
  for (let count = 0; count <= 10_000; count += 1) fed.add(`m${count}`);
  expect(fed.causesOf(because('m0', 'm1', 'm10000'))).toEqual(['m1', 'm10000']);
});
