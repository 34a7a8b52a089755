// The demo's three scenes with everything but Redis: simulated devices, real MQTT, the decoders, the engine's fold.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoBox, STEP_MS } from './demo-box.testsuite.ts';
import { CONTROL_TOPIC } from './simulator/faults.ts';

const FULL_BIN = 'urn:ngsi-ld:WasteContainer:hs-2';
const SCENES_SECONDS = 55;

const box = new DemoBox();
beforeAll(async () => {
  await box.start();
  await box.town.listener.publish(CONTROL_TOPIC, { scene: 'fill', asset: FULL_BIN });
  for (let atMs = 0; atMs < SCENES_SECONDS * 1_000; atMs += STEP_MS) await box.step();
});
afterAll(() => box.town.stop());

test('the queue on J4 east has brought the relief plan, verified by the controller', () => {
  const plan = box.verified('timePlan').find(({ command }) => command.device === 'J4');
  expect(plan?.command.want).toMatchObject({ value: 3 });
});

test('and J5, which is coordinated with it, has the same plan', () => {
  const plans = box.verified('timePlan').filter(({ command }) => command.device === 'J5');
  expect(plans.map(({ command }) => command.want)).toContainEqual({ value: 3, rampSeconds: 0 });
});

test('the full container has one order for its collection, however often it says so', () => {
  const orders = box.fold.outputs.flatMap((output) => (output.kind === 'order' ? [output.order] : []));
  const ofBin = orders.filter(({ asset }) => asset === FULL_BIN);
  expect(ofBin).toMatchObject([{ kind: 'collection', rule: 'waste/collect', state: 'open' }]);
});

test('lamps near the walker stand at 80 % or more, verified by their meters', () => {
  const lamps = box.verified('level').filter(({ command }) => 'value' in command.want && command.want.value === 0.8);
  expect(lamps.length).toBeGreaterThanOrEqual(3);
  expect(lamps[0]?.steps.at(-1)?.proof).toBe('instrument');
});

test('the full compactor has pressed, verified, and no more than once', () => {
  const pressed = box.verified('compaction').filter(({ command }) => command.device === 'compactor-hs-1');
  expect(pressed.length).toBeGreaterThanOrEqual(1);
  const begun = box.town.effects.filter(({ device, value }) => device === 'compactor-hs-1' && value === 'compacting');
  expect(begun).toHaveLength(1);
});

test('no command that was sent is left unproven, no message was refused, and nothing failed on the way', () => {
  const ends = box.records().map(({ command, steps }) => `${command.commandId} ${steps.at(-1)?.state}`);
  expect(ends.filter((end) => /unverified|failed|expired/.test(end))).toEqual([]);
  expect(box.refused).toEqual([]);
  expect(box.fold.failures).toEqual([]);
});
