// Who may publish and subscribe to what on the embedded broker. Pure.
import { FIELD_VERSION, parseTopic, type Channel } from '../../model/field.ts';
import { departmentSchema, nameSchema } from '../../model/names.ts';

/** Who is connected. */
export type Principal =
  /** The core itself: everything. */
  | { kind: 'core' }
  /** The field's own gateway or simulator: every device at once, and the simulator's own topics. */
  | { kind: 'field' }
  /** A department's flows: hear their sensors, say nothing. */
  | { kind: 'department'; department: string }
  /** One device: its own topics. */
  | { kind: 'device'; department: string; device: string };

/** Where the demo city's simulators are told to misbehave; no part of the field contract. */
const SIMULATOR_TOPICS = 'signalbox-simulator/';
/** What devices say, and what they hear. */
const DEVICE_SAYS: readonly Channel[] = ['telemetry', 'ack', 'report', 'status'];
const DEVICE_HEARS: Channel = 'command';

/** `core`, `field`, `<department>` or `<department>.<device>`; undefined for anything else. */
export function principalOf(username: string): Principal | undefined {
  if (username === 'core' || username === 'field') return { kind: username };
  const [department = '', device, ...rest] = username.split('.');
  if (!departmentSchema.safeParse(department).success || rest.length > 0) return undefined;
  if (device === undefined) return { kind: 'department', department };
  return nameSchema.safeParse(device).success ? { kind: 'device', department, device } : undefined;
}

/** Why this may not be published, or undefined when it may. */
export function whyNotPublish(who: Principal, topic: string, retain: boolean): string | undefined {
  const parsed = parseTopic(topic);
  // A retained command would reach a device long after it was meant; a device's status is a state and may stay.
  if (retain && parsed?.channel !== 'status') return 'only status may be retained';
  if (topic.startsWith('$')) return 'topics that begin with $ are the broker’s own';
  switch (who.kind) {
    case 'core':
      return undefined;
    case 'department':
      return 'flows publish nothing here: they ask through the link';
    case 'field':
      if (topic.startsWith(SIMULATOR_TOPICS)) return undefined;
      return parsed && DEVICE_SAYS.includes(parsed.channel) ? undefined : 'a device does not speak there';
    case 'device':
      return parsed && isOwn(who, parsed) && DEVICE_SAYS.includes(parsed.channel)
        ? undefined
        : 'a device speaks on its own topics only';
  }
}

/** Why this may not be subscribed to, or undefined when it may. */
export function whyNotSubscribe(who: Principal, filter: string): string | undefined {
  if (who.kind === 'core') return undefined;
  if (who.kind === 'field' && filter.startsWith(SIMULATOR_TOPICS)) return undefined;
  const wanted = parseFilter(filter);
  switch (who.kind) {
    case 'department':
      return wanted?.department === who.department && wanted.channel === 'telemetry'
        ? undefined
        : `flows hear ${topicPattern(who.department, '+', 'telemetry')} only`;
    case 'field':
      return wanted?.channel === DEVICE_HEARS ? undefined : 'a device hears commands only';
    case 'device':
      return wanted?.channel === DEVICE_HEARS && isOwn(who, wanted)
        ? undefined
        : `this device hears ${topicPattern(who.department, who.device, DEVICE_HEARS)} only`;
  }
}

interface Filter {
  department: string;
  device: string;
  channel: Channel;
}

/** A filter of the contract's own shape; `+` may stand for department and device. */
function parseFilter(filter: string): Filter | undefined {
  const levels = filter.split('/');
  const named = levels.map((level, index) => (level === '+' && (index === 2 || index === 3) ? 'any' : level));
  const parsed = parseTopic(named.join('/'));
  return parsed && { department: levels[2] ?? '', device: levels[3] ?? '', channel: parsed.channel };
}

const isOwn = (who: { department: string; device: string }, where: { department: string; device: string }): boolean =>
  who.department === where.department && who.device === where.device;

const topicPattern = (department: string, device: string, channel: Channel): string =>
  `signalbox/${FIELD_VERSION}/${department}/${device}/${channel}`;
