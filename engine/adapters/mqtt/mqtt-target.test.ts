import { expect, it } from 'vitest';

import { readMqttUrl } from './mqtt-target.ts';

it('reads host, port, credentials and encryption', () => {
  expect(readMqttUrl('mqtts://core:p%40ss@bus.city.example')).toEqual({
    host: 'bus.city.example',
    port: 8_883,
    tls: true,
    username: 'core',
    password: 'p@ss',
    protocols: [5, 4],
  });
  expect(readMqttUrl('mqtt://[::1]:1884?protocol=4')).toEqual({ host: '::1', port: 1_884, tls: false, protocols: [4] });
});

it('names all that is wrong and keeps the password to itself', () => {
  expect(() => readMqttUrl('http://core:hush@bus?protocol=3')).toThrow(
    /scheme http:, allowed are mqtt: and mqtts:\n.*protocol is 4 \(for MQTT 3.1.1\) or 5/,
  );
  expect(() => readMqttUrl('http://core:hush@bus')).not.toThrow(/hush/);
  expect(() => readMqttUrl('bus')).toThrow('not a URL');
});
