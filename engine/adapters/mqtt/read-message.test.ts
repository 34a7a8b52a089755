import { expect, it } from 'vitest';

import { readMessage } from './read-message.ts';
import { aReport, directory, LAMP } from './test-support/devices.ts';

const TOPIC = 'signalbox/v1/lighting/cabinet-3/report';
const read = (topic: string, message: unknown) =>
  readMessage(topic, Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), directory);

it('reads a report, an acknowledgement and a status', () => {
  const address = { department: 'lighting', device: 'cabinet-3' };
  expect(read(TOPIC, aReport('r1'))).toMatchObject({
    input: { kind: 'report', ...address, report: { id: 'r1', asset: LAMP } },
  });
  const ack = {
    commandId: 'c',
    asset: LAMP,
    point: 'level',
    sequence: 1,
    at: '2026-11-22T10:00:00Z',
    result: 'accepted',
  };
  expect(read('signalbox/v1/lighting/cabinet-3/ack', ack)).toMatchObject({
    input: { kind: 'ack', ack: { repeated: false } },
  });
  const status = { state: 'online', at: '2026-11-22T10:00:00Z' };
  expect(read('signalbox/v1/lighting/cabinet-3/status', status)).toEqual({
    input: { kind: 'status', ...address, status },
  });
});

it.each<[string, string, unknown, string]>([
  ['a foreign topic', 'elsewhere', aReport('r'), 'topic'],
  ['telemetry, which is for flows', 'signalbox/v1/lighting/cabinet-3/telemetry', aReport('r'), 'topic'],
  ['a device that nobody knows', 'signalbox/v1/lighting/cabinet-4/report', aReport('r'), 'device'],
  ['the right device in another department', 'signalbox/v1/waste/cabinet-3/report', aReport('r'), 'device'],
  ['an asset of another device', TOPIC, aReport('r', { asset: 'urn:ngsi-ld:Streetlight:other' }), 'binding'],
  ['what is not JSON', TOPIC, '{"id":', 'json'],
  ['a report without a time', TOPIC, { id: 'r', asset: LAMP }, 'schema'],
  ['an unknown field', TOPIC, aReport('r', { extra: 1 }), 'schema'],
  ['a message that is too large', TOPIC, `"${'x'.repeat(70_000)}"`, 'too-large'],
])('does not take %s', (_what, topic, message, refused) => {
  expect(read(topic, message)).toMatchObject({ refused });
});
