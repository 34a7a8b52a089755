// The devices of a chaos town, in a process of their own: `node main.ts '<settings as JSON>'`. What they physically do is
// written to a file that nobody else writes; the judge believes that file alone.
import { connect } from 'mqtt';
import { z } from 'zod';

import { channelSchema, parseTopic, topicOf, type FieldAddress } from '../../engine/model/field.ts';
import { DEPARTMENT, DEVICES, deviceName } from '../town/assets.ts';
import { EffectsFile } from './effects-file.ts';
import { FieldDevice } from './field-device.ts';
import { PlainDevice } from './plain-device.ts';
import { mannersSchema } from './manners.ts';

const settingsSchema = z.strictObject({
  url: z.string(),
  /** Where effects go. */
  file: z.string(),
  /** Devices that do what they are told without knowing ids, order or deadlines. */
  isPlain: z.boolean(),
  manners: mannersSchema,
});

/** How often a device says how it is, besides every change; milliseconds. */
const HEARTBEAT_MS = 5_000;
const HEARTBEAT_STEPS = 50;

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const effects = new EffectsFile(settings.file);
const client = connect(settings.url, {
  protocolVersion: 4,
  clientId: 'chaos-devices',
  clean: true,
  reconnectPeriod: 200,
});
const say = (address: FieldAddress, channel: 'ack' | 'report' | 'status', message: object): void => {
  // What cannot be said now is not said later: the next report says it better.
  if (client.connected) client.publish(topicOf(address, channel), JSON.stringify(message), { qos: 1 });
};
const Device = settings.isPlain ? PlainDevice : FieldDevice;
const devices = Array.from({ length: DEVICES }, (_, index) => {
  const address = { department: DEPARTMENT, device: deviceName(index) };
  return new Device({
    index,
    effects,
    manners: settings.manners,
    say: (channel, message) => say(address, channel, message),
  });
});
const byName = new Map(devices.map((device, index) => [deviceName(index), device]));

client.on('connect', () => {
  const commands = topicOf({ department: '+', device: '+' }, channelSchema.enum.command);
  client.subscribe(commands, { qos: 1 }, () => {
    for (const device of devices) device.greet();
    process.stdout.write('ready\n');
  });
});
client.on('message', (topic, payload) => byName.get(parseTopic(topic)?.device ?? '')?.receive(payload));
client.on('error', (error) => process.stderr.write(`${error.message}\n`));

let step = 0;
setInterval(() => {
  step = (step + 1) % HEARTBEAT_STEPS;
  for (const [index, device] of devices.entries()) if (index % HEARTBEAT_STEPS === step) device.report();
}, HEARTBEAT_MS / HEARTBEAT_STEPS);
