// Open alarms of every kind of standing for browser tests, and what became of the messages that told of them.
import type { Alarm } from '../engine/model/alarm.ts';
import type { MessageRecord } from '../engine/model/one-shot.ts';

const LAMP_17 = 'urn:ngsi-ld:Streetlight:river-path-17';
const CABINET = 'urn:ngsi-ld:StreetlightControlCabinet:harbour-street';
const MINUTE_MS = 60_000;

/** What one alarm is called. */
export const LYING_LAMP = `command-failed|${LAMP_17}#level|1-0`;

/** The alarms of the city at `now`, milliseconds since the epoch. */
export function alarmsAt(now: number): Alarm[] {
  const alarm = (more: Partial<Alarm> & Pick<Alarm, 'alarmId' | 'kind' | 'subject'>): Alarm => ({
    department: 'lighting',
    severity: 'medium',
    text: '',
    group: more.subject,
    raisedAt: now - 12 * MINUTE_MS,
    activeSince: now - 12 * MINUTE_MS,
    occurrences: 1,
    steps: [{ what: 'raised', at: now - 12 * MINUTE_MS }],
    revision: 1,
    ...more,
  });
  const behind = Array.from({ length: 37 }, (_, n) =>
    alarm({
      alarmId: `asset-silent|harbour-street-${n}|3-0`,
      kind: 'asset-silent',
      subject: `urn:ngsi-ld:Streetlight:harbour-street-${n + 1}`,
      asset: `urn:ngsi-ld:Streetlight:harbour-street-${n + 1}`,
      group: CABINET,
      text: 'not heard: activePower since 21:40',
      under: 'device-offline|lighting/harbour-street',
    }),
  );
  return [
    alarm({
      alarmId: LYING_LAMP,
      kind: 'command-failed',
      subject: `${LAMP_17}#level`,
      asset: LAMP_17,
      severity: 'high',
      text: 'setting 0.8 was unverified 3 times: the meter says 0 W',
      occurrences: 2,
      steps: [
        { what: 'raised', at: now - 12 * MINUTE_MS, why: 'setting 0.8 was unverified 3 times: the meter says 0 W' },
        { what: 'told', at: now - 11 * MINUTE_MS, to: 'Duty person', message: 'm1' },
        { what: 'told', at: now - 2 * MINUTE_MS, to: 'Head of lighting', message: 'm2' },
      ],
    }),
    alarm({
      alarmId: 'signal-conflict|J4|2-0',
      kind: 'signal-conflict',
      subject: 'urn:ngsi-ld:TrafficController:J4',
      asset: 'urn:ngsi-ld:TrafficController:J4',
      department: 'traffic',
      severity: 'critical',
      text: 'groups 1 and 2 are green together',
    }),
    alarm({
      alarmId: 'device-offline|lighting/harbour-street|3-0',
      kind: 'device-offline',
      subject: 'lighting/harbour-street',
      text: 'lighting/harbour-street is offline: 38 assets cannot be controlled',
      acknowledged: { by: 'ben', at: now - 5 * MINUTE_MS },
    }),
    alarm({
      alarmId: 'rule-parked|waste/collect|4-0',
      kind: 'rule-parked',
      subject: 'waste/collect',
      department: 'waste',
      text: 'it took 80 ms',
      acknowledged: { by: 'ben', at: now - 5 * MINUTE_MS },
      shelved: { by: 'ben', at: now - 5 * MINUTE_MS, until: now + 55 * MINUTE_MS, reason: 'new version tomorrow' },
    }),
    ...behind,
  ];
}

/** What became of the messages. */
export const messagesAt = (now: number): MessageRecord[] =>
  (['m1', 'm2'] as const).map((messageId) => ({
    message: {
      messageId,
      what: { notify: { to: 'lighting/duty', text: 'HIGH command-failed' } },
      via: { name: 'Duty person', mail: 'duty@city.example' },
      department: 'lighting',
      title: 'HIGH command-failed',
      at: now,
    },
    ...(messageId === 'm1'
      ? { state: 'delivered', at: now }
      : { state: 'failed', at: now, detail: 'the mail server said 550' }),
  }));
