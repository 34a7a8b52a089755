// The field contract: what travels between the box and devices over MQTT. docs/field-contract.md explains it.
import { z } from 'zod';

import { assetIdSchema, departmentSchema, nameSchema } from './names.ts';
import { qualitySchema } from './reading.ts';
import { valueSchema } from './value.ts';

/** Version of the contract, part of every topic. */
export const FIELD_VERSION = 'v1';

/** What a device and the box say to each other. `telemetry` goes to the department's flows, the others to the adapter. */
export const channelSchema = z.enum(['telemetry', 'command', 'ack', 'report', 'status']);
export type Channel = z.infer<typeof channelSchema>;

/** A device's address on the field bus. */
export interface FieldAddress {
  department: string;
  device: string;
}

/** `signalbox/v1/<department>/<device>/<channel>`; `+` may stand for department or device in a subscription. */
export const topicOf = (address: FieldAddress, channel: Channel): string =>
  `signalbox/${FIELD_VERSION}/${address.department}/${address.device}/${channel}`;

/** Takes a topic apart, or undefined when it is not one of ours. */
export function parseTopic(topic: string): (FieldAddress & { channel: Channel }) | undefined {
  const [root, version, department, device, last, ...rest] = topic.split('/');
  const channel = channelSchema.safeParse(last);
  const named = departmentSchema.safeParse(department).success && nameSchema.safeParse(device).success;
  if (root !== 'signalbox' || version !== FIELD_VERSION || !named || !channel.success || rest.length > 0)
    return undefined;
  return { department: department ?? '', device: device ?? '', channel: channel.data };
}

/** An instant on the wire: ISO 8601 with an offset or Z. */
const wireTimeSchema = z.iso.datetime({ offset: true }).meta({ examples: ['2026-11-22T10:00:00.000Z'] });

/** Values observed together by one sensor or device. */
const observedSchema = z
  .record(nameSchema, valueSchema)
  .refine((values) => Object.keys(values).length <= 64, 'at most 64 values in one message');

/** A sensor's own message, on `telemetry`. Other formats are welcome there too, if the department's flow decodes them. */
export const telemetrySchema = z.strictObject({
  /** Unique per message of this device; the same message sent again carries the same id. Without it a hash stands in. */
  id: z.string().min(1).max(100).optional(),
  asset: assetIdSchema,
  observedAt: wireTimeSchema,
  readings: observedSchema,
  /** Units that differ from the property's own, per property, in UCUM: `{"occupancy": "%"}`. */
  units: z.record(nameSchema, z.string().max(16)).default({}),
  quality: qualitySchema.default('good'),
});
export type Telemetry = z.infer<typeof telemetrySchema>;

/** One command to one point, on `command`. Absolute, never "toggle"; not retained. */
export const fieldCommandSchema = z.strictObject({
  /** Apply each id once; answer a repeat with the earlier result. */
  commandId: z.string().min(1).max(200),
  asset: assetIdSchema,
  point: nameSchema,
  /** Per point, growing. A lower one than the last applied is refused as `outdated`. */
  sequence: z.number().int().min(1),
  /** The engine's epoch. A lower one than the last seen for this point is refused as `outdated`. */
  fence: z.number().int().min(1),
  issuedAt: wireTimeSchema,
  /** Not applied after this instant: refused as `expired`. */
  notAfter: wireTimeSchema,
  /** The wanted value, or `{"release": true}`: back to the device's own programme. */
  want: z.union([
    z.strictObject({ value: valueSchema, rampSeconds: z.number().min(0).max(3_600).default(0) }),
    z.strictObject({ release: z.literal(true) }),
  ]),
  /** With a value: how long it holds. The device returns to its own programme then, unless the lease is renewed. */
  lease: z.strictObject({ until: wireTimeSchema }).optional(),
});
export type FieldCommand = z.infer<typeof fieldCommandSchema>;

/** A device's answer to a command, on `ack`: taken or refused, not yet proven. */
export const ackSchema = z.strictObject({
  commandId: z.string().min(1).max(200),
  asset: assetIdSchema,
  point: nameSchema,
  sequence: z.number().int().min(1),
  at: wireTimeSchema,
  result: z.enum(['accepted', 'refused', 'outdated', 'expired']),
  /** True when this command had been answered before and was not applied again. */
  repeated: z.boolean().default(false),
  reason: z.string().max(200).optional(),
});
export type Ack = z.infer<typeof ackSchema>;

/** Who brought a point to its value, as far as the device knows. */
export const causeSchema = z.enum(['command', 'programme', 'local', 'startup', 'unknown']);

/** What a device says about itself, on `report`: on every change, and at least once a minute. */
export const reportSchema = z.strictObject({
  id: z.string().min(1).max(100),
  asset: assetIdSchema,
  observedAt: wireTimeSchema,
  /** The state of its points, read back from the hardware. */
  points: z
    .record(
      nameSchema,
      z.strictObject({
        value: valueSchema,
        cause: causeSchema.default('unknown'),
        /** The command that brought it there, where the cause is a command. */
        commandId: z.string().max(200).optional(),
      }),
    )
    .default({}),
  /** What it measured by itself: a lamp's power, a compactor's door. Trusted for interlocks and proof. */
  readings: observedSchema.default({}),
  units: z.record(nameSchema, z.string().max(16)).default({}),
  quality: qualitySchema.default('good'),
});
export type Report = z.infer<typeof reportSchema>;

/** Whether a device is there, on `status`; set as its last will too. */
export const statusSchema = z.strictObject({
  state: z.enum(['online', 'offline']),
  at: wireTimeSchema,
});
export type Status = z.infer<typeof statusSchema>;
