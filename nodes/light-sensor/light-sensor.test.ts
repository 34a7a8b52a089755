import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import lightSensor from './light-sensor.ts';

useNodeRed();

it('gives messages without an asset to the asset of its form', async () => {
  const { server, link } = await linkedCore();
  const asset = 'urn:ngsi-ld:MotionSensor:river-path-1';
  const node = await runNode(lightSensor, { type: 'light-sensor', asset }, link);
  node.receive({ payload: { id: 'm1', observedAt: '2026-11-22T16:41:00Z', readings: { motion: true } } });
  await eventually(() => expect(node.outputs[0]).toHaveLength(1));
  expect([...server.readings.keys()]).toEqual([`${asset}/m1/motion`]);
});
