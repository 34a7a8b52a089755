import { expect, it } from 'vitest';

import { aCommand } from './test-support/devices.ts';
import { encodeCommand } from './encode-command.ts';

it('writes a command as the field contract says', () => {
  const { topic, payload } = encodeCommand(aCommand({ issuedAt: 0, notAfter: 60_000, leaseUntil: 600_000 }));
  expect(topic).toBe('signalbox/v1/lighting/cabinet-3/command');
  expect(JSON.parse(payload)).toEqual({
    commandId: 'urn:ngsi-ld:Streetlight:river-path-17#level:1',
    asset: 'urn:ngsi-ld:Streetlight:river-path-17',
    point: 'level',
    sequence: 1,
    fence: 1,
    issuedAt: '1970-01-01T00:00:00.000Z',
    notAfter: '1970-01-01T00:01:00.000Z',
    want: { value: 0.8, rampSeconds: 2 },
    lease: { until: '1970-01-01T00:10:00.000Z' },
  });
});

it('writes a release without a lease', () => {
  const { leaseUntil: _, ...command } = aCommand({ want: { release: true } });
  const message = JSON.parse(encodeCommand(command).payload);
  expect(message).toMatchObject({ want: { release: true } });
  expect(message).not.toHaveProperty('lease');
});

it.each([
  { device: 'cabinet/3' },
  { device: '+' },
  { department: '#' },
  { fence: 0 },
  { want: { value: Number.NaN, rampSeconds: 0 } },
])('refuses what the contract cannot carry: %j', (fields) => {
  expect(() => encodeCommand(aCommand(fields))).toThrow(expect.objectContaining({ code: 'invalid' }));
});
