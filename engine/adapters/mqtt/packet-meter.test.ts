import { generate } from 'mqtt-packet';
import { expect, it } from 'vitest';

import { PacketMeter } from './packet-meter.ts';

const publish = (bytes: number): Buffer =>
  generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(bytes), qos: 0, dup: false, retain: false });

it('accepts packets up to the limit, however they are cut', () => {
  const stream = Buffer.concat([publish(10), publish(90), publish(0), publish(97)]);
  for (const size of [1, 2, 3, 7, 50, stream.length]) {
    const meter = new PacketMeter(100);
    for (let at = 0; at < stream.length; at += size) expect(meter.accepts(stream.subarray(at, at + size))).toBe(true);
  }
});

it('refuses a packet beyond the limit as soon as its length is known', () => {
  const meter = new PacketMeter(100);
  expect(meter.accepts(publish(5))).toBe(true);
  expect(meter.accepts(publish(200_000).subarray(0, 4))).toBe(false);
});

it('refuses a length of more than four bytes', () => {
  expect(new PacketMeter(2 ** 30).accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
});
