// Topics of the field contract, put together and taken apart.
import { expect, test } from 'vitest';

import { channelSchema, fieldCommandSchema, parseTopic, reportSchema, telemetrySchema, topicOf } from './field.ts';

test.each(channelSchema.options)('a topic of the channel %s comes apart as it was put together', (channel) => {
  const topic = topicOf({ department: 'lighting', device: 'lamp-17' }, channel);
  expect(topic).toBe(`signalbox/v1/lighting/lamp-17/${channel}`);
  expect(parseTopic(topic)).toEqual({ department: 'lighting', device: 'lamp-17', channel });
});

test.each([
  ['nothing', ''],
  ['another root', 'homeassistant/v1/lighting/lamp-17/report'],
  ['another version', 'signalbox/v2/lighting/lamp-17/report'],
  ['an unknown channel', 'signalbox/v1/lighting/lamp-17/gossip'],
  ['no channel', 'signalbox/v1/lighting/lamp-17'],
  ['something behind the channel', 'signalbox/v1/lighting/lamp-17/report/x'],
  ['a slash at the end', 'signalbox/v1/lighting/lamp-17/report/'],
  ['a slash at the beginning', '/signalbox/v1/lighting/lamp-17/report'],
  ['a department that is none', 'signalbox/v1/Lighting/lamp-17/report'],
  ['a wildcard as department', 'signalbox/v1/+/lamp-17/report'],
  ['a wildcard as device', 'signalbox/v1/lighting/+/report'],
  ['no device', 'signalbox/v1/lighting//report'],
])('is not ours: %s', (_, topic) => {
  expect(parseTopic(topic)).toBeUndefined();
});

const asset = 'urn:ngsi-ld:Streetlight:17';
const at = '2026-11-22T10:00:00.000Z';

const readings = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 1]));

test('a message holds at most 64 values', () => {
  expect(telemetrySchema.safeParse({ asset, observedAt: at, readings: readings(64) }).success).toBe(true);
  expect(telemetrySchema.safeParse({ asset, observedAt: at, readings: readings(65) }).success).toBe(false);
});

test.each(['2026-11-22T10:00:00Z', '2026-11-22T11:00:00+01:00'])('an instant may be %s', (observedAt) => {
  expect(reportSchema.safeParse({ id: '1', asset, observedAt }).success).toBe(true);
});

test.each(['2026-11-22', '2026-11-22T10:00:00', '22.11.2026 10:00', 1_763_805_600_000])(
  'an instant may not be %j',
  (observedAt) => {
    expect(reportSchema.safeParse({ id: '1', asset, observedAt }).success).toBe(false);
  },
);

test('a command wants a value or a release, never both', () => {
  const command = { commandId: 'c', asset, point: 'level', sequence: 1, fence: 1, issuedAt: at, notAfter: at };
  expect(fieldCommandSchema.parse({ ...command, want: { value: 1 } }).want).toEqual({ value: 1, rampSeconds: 0 });
  expect(fieldCommandSchema.safeParse({ ...command, want: { release: true } }).success).toBe(true);
  expect(fieldCommandSchema.safeParse({ ...command, want: { release: true, value: 1 } }).success).toBe(false);
});
