// Faults of transmission: what a device says, and what reaches the bus.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { telemetrySchema, type Telemetry } from '../../../engine/model/field.ts';
import { FAULTS, type Fault } from './faults.ts';
import { Outbox } from './outbox.ts';

const ASSET = 'urn:ngsi-ld:Detector:J4-east-1';
const NOW = Date.UTC(2026, 10, 22, 10);

function outboxWith(...faults: Fault[]) {
  const on = new Set<Fault>(faults);
  const sent: Telemetry[] = [];
  const outbox = new Outbox({
    send: (_channel, message) => sent.push(telemetrySchema.parse(message)),
    has: (fault) => on.has(fault),
    idPrefix: 'J4-x',
  });
  const observe = (occupancy: number, now = NOW) => outbox.telemetry({ asset: ASSET, readings: { occupancy } }, now);
  return { on, sent, observe, values: () => sent.map(({ readings }) => readings['occupancy']) };
}

test('every message has an id of its own', () => {
  const { observe, sent } = outboxWith();
  observe(0.1);
  observe(0.2);
  expect(sent.map(({ id }) => id)).toEqual(['J4-x-1', 'J4-x-2']);
});

test('silent: nothing is said', () => {
  const { observe, sent } = outboxWith('silent');
  observe(0.1);
  expect(sent).toEqual([]);
});

test('duplicate: the same message twice, with the same id', () => {
  const { observe, sent } = outboxWith('duplicate');
  observe(0.1);
  expect(sent).toHaveLength(2);
  expect(sent[0]).toEqual(sent[1]);
});

test('out of order: the second before the first', () => {
  const { observe, values } = outboxWith('outOfOrder');
  for (const value of [0.1, 0.2, 0.3, 0.4]) observe(value);
  expect(values()).toEqual([0.2, 0.1, 0.4, 0.3]);
});

test('frozen: old values with fresh times, until the fault is over', () => {
  const { on, observe, values, sent } = outboxWith('frozen');
  observe(0.1);
  observe(0.2, NOW + 2_000);
  expect(values()).toEqual([0.1, 0.1]);
  expect(sent[1]?.observedAt).toBe(new Date(NOW + 2_000).toISOString());
  on.delete('frozen');
  observe(0.3);
  expect(values()).toEqual([0.1, 0.1, 0.3]);
});

test('README.md lists every fault, with the same words', () => {
  const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const section = page.slice(page.indexOf('## Ask for trouble'), page.indexOf('Scenes: '));
  const rows = [...section.matchAll(/^\| `(\w+)`\s+\| (.*?)\s+\|$/gm)].map(([, name, text]) => [name, text]);
  expect(rows).toEqual(Object.entries(FAULTS));
});
