import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { LinkClient } from '../../flows/link/link-client.ts';
import { deadUrl, linkedCore, runNode, sharedText, useNodeRed } from '../../test/palette.ts';
import trafficSensor from './traffic-sensor.ts';

useNodeRed();

const DETECTOR = 'urn:ngsi-ld:Detector:J4-east-1';
const message = (id: string, readings: object, units = {}) => ({
  topic: 'signalbox/v1/traffic/J4/telemetry',
  payload: { id, asset: DETECTOR, observedAt: '2026-11-22T14:02:11Z', readings, units },
  retain: false,
});

it('sends readings on once the core has them, with the other properties of the message', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 42, intensity: 600 }, { occupancy: '%' }));
  await eventually(() => expect(node.outputs[0]).toHaveLength(1));
  const readings = [
    { id: `${DETECTOR}/m1/occupancy`, asset: DETECTOR, property: 'occupancy', value: 0.42, unit: '1' },
    { id: `${DETECTOR}/m1/intensity`, asset: DETECTOR, property: 'intensity', value: 600, unit: '/h' },
  ].map((reading) => ({ ...reading, observedAt: Date.parse('2026-11-22T14:02:11Z'), quality: 'good' }));
  expect(node.outputs[0]?.[0]).toMatchObject({
    topic: 'signalbox/v1/traffic/J4/telemetry',
    payload: readings,
    retain: false,
  });
  expect([...server.readings.values()]).toEqual(readings);
  expect(node.outputs[1]).toEqual([]);
  await eventually(() => expect(node.completed).toBe(1));
});

it('sends nothing on before the core has acknowledged', async () => {
  const { server, link } = await linkedCore({ onBatch: () => undefined });
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() => expect(server.batches).toHaveLength(1));
  expect([node.outputs, node.completed]).toEqual([[[], []], 0]);
  server.tell({ type: 'ack', seq: 0, accepted: 1, refused: [] });
  await eventually(() => expect(node.outputs[0]).toHaveLength(1));
});

it('takes the next message while one is under way', async () => {
  const { server, link } = await linkedCore({ onBatch: () => undefined });
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  for (let count = 0; count < 300; count += 1) node.receive(message(`m${count}`, { occupancy: 0.4 }));
  await eventually(() => expect(server.batches.flatMap(({ readings }) => readings)).toHaveLength(300));
  expect(node.completed).toBe(0);
  expect(server.batches.length).toBeLessThan(20);
});

it('sends what it cannot understand to the second output with the reason, and the rest to the first', async () => {
  const { link } = await linkedCore();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 42, intensity: 600 }));
  await eventually(() => expect(node.outputs.map((messages) => messages.length)).toEqual([1, 1]));
  expect(node.outputs[0]?.[0]?.payload).toMatchObject([{ property: 'intensity' }]);
  expect(node.outputs[1]?.[0]).toMatchObject({
    payload: { id: 'm1' },
    error: {
      problems: [
        { code: 'reading-value', path: '/readings/occupancy', message: 'found 42; allowed is a number from 0 to 1' },
      ],
      refused: [],
    },
  });
  expect(node.errors).toEqual([]);
});

it('sends what the core refuses to the second output with the reason', async () => {
  const { link } = await linkedCore({ catalogue: { department: 'traffic', assets: [] } });
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() => expect(node.outputs[1]).toHaveLength(1));
  expect(node.outputs[1]?.[0]).toMatchObject({
    error: {
      problems: [{ code: 'unknown-asset' }],
      refused: [{ reading: { id: `${DETECTOR}/m1/occupancy` }, problem: { code: 'unknown-asset' } }],
    },
  });
  expect(node.outputs[0]).toEqual([]);
});

it('reads text and bytes as JSON, as an MQTT node hands them on', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  const text = JSON.stringify(message('m1', { occupancy: 0.4 }).payload);
  node.receive({ payload: text });
  node.receive({ payload: Buffer.from(text.replace('m1', 'm2')) });
  node.receive({ payload: 'no JSON at all' });
  await eventually(() => expect(node.outputs[1]).toHaveLength(1));
  expect(node.outputs[1]?.[0]).toMatchObject({ error: { problems: [{ code: 'payload' }] } });
  await eventually(() => expect(server.readings.size).toBe(2));
});

it('shows how many readings it took and when', async () => {
  const { link } = await linkedCore();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() =>
    expect(node.statuses.at(-1)).toEqual({ fill: 'green', shape: 'dot', text: sharedText('status.readings') }),
  );
});

it('shows that the link is down, and keeps the readings for it', async () => {
  const link = new LinkClient({ coreUrl: await deadUrl(), token: 'x' });
  link.start();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, link);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() =>
    expect(node.statuses.at(-1)).toEqual({ fill: 'yellow', shape: 'ring', text: sharedText('status.linkDown') }),
  );
  expect(link.figures().waiting).toBe(1);
  await link.stop();
});

it('raises an error for every message when its Node-RED has no link', async () => {
  const node = await runNode(trafficSensor, { type: 'traffic-sensor' }, undefined);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() =>
    expect(node.errors).toEqual(['InputError: found nothing; needed is a Node-RED that is attached to a Signalbox']),
  );
});

it('raises an error for every message when its form is wrong', async () => {
  const { link } = await linkedCore();
  const node = await runNode(trafficSensor, { type: 'traffic-sensor', asset: 'J4' }, link);
  node.receive(message('m1', { occupancy: 0.4 }));
  await eventually(() => expect(node.errors[0]).toContain('/asset'));
});
