import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import binSensor from './bin-sensor.ts';

useNodeRed();

it('takes one reading of a bin once, however often it is sent', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(binSensor, { type: 'bin-sensor' }, link);
  const payload = {
    type: 'WasteContainer',
    id: 'urn:ngsi-ld:WasteContainer:rp-1',
    dateObserved: '2026-11-22T05:10:00Z',
    fillingLevel: 0.82,
  };
  for (let count = 0; count < 5; count += 1) node.receive({ topic: 'bins', payload: structuredClone(payload) });
  await eventually(() => expect(node.outputs[0]).toHaveLength(5));
  expect([...server.readings.values()]).toMatchObject([{ property: 'fillingLevel', value: 0.82 }]);
});
