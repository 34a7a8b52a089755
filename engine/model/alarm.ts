// Alarms: what a person has to know of and do something about, from the moment it begins until somebody has seen it and it is over.

/**
 * How urgent an alarm is: how bad it gets if nobody acts, and how soon. As ANSI/ISA-18.2-2016 (IEC 62682) and EEMUA 191
 * advise, few grades, the higher the rarer (about 5, 15 and 80 in a hundred, `critical` below one), and a fixed meaning:
 *
 * - `critical`: people may be in danger; act at once. Cannot be shelved.
 * - `high`: something in the street does not do what it should; act within minutes.
 * - `medium`: something can no longer be seen or reached; act within the shift.
 * - `low`: nothing is wrong in the street; somebody should look at it on a working day.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every kind of alarm; what each is about is its `subject`. */
export const ALARM_KINDS = [
  /** An invariant interlock holds a point. Subject: `<point> <interlock>`. */
  'interlock-tripped',
  /** Commands for a point ended unverified, expired or failed, all quick tries included. Subject: the point. */
  'command-failed',
  /** A device has said, or its broker for it, that it is offline. Subject: `<department>/<device>`. */
  'device-offline',
  /** Properties of an asset are stale. Subject: the asset. */
  'asset-silent',
  /** A sensor has said exactly the same for longer than its asset believes. Subject: `<asset>#<property>`. */
  'sensor-frozen',
  /** The engine parked a rule that misbehaved. Subject: the rule. */
  'rule-parked',
  /** json-rules-engine did not agree that a rule is true, so it did not start. Subject: the rule. */
  'rule-disagreement',
  /** A point's wear budget is used up and what is wanted waits. Subject: the point. */
  'wear-budget',
  /** A controller's own report shows conflicting signal groups green together. Subject: the controller. */
  'signal-conflict',
  /** A department's flows do not run: their runtime was lost, or holds them back. Subject: the department. */
  'flows-stopped',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** How urgent each kind is where its cause does not say otherwise, as an interlock does with `lifeSafety`. */
export const SEVERITY_OF: Readonly<Record<AlarmKind, Severity>> = {
  'interlock-tripped': 'high',
  'command-failed': 'high',
  'device-offline': 'medium',
  'asset-silent': 'medium',
  'sensor-frozen': 'medium',
  'rule-parked': 'high',
  'rule-disagreement': 'high',
  'wear-budget': 'low',
  'signal-conflict': 'critical',
  'flows-stopped': 'medium',
};

/**
 * Where an alarm stands, in the states of ISA-18.2: `unacknowledged` and `acknowledged` while its cause lasts, `returned`
 * when the cause has ended and nobody has seen it yet, `shelved` while a person has put it aside, `suppressed` while it
 * follows from another alarm or what it is about is out of service, `closed` when it is over.
 */
export const ALARM_STATES = ['unacknowledged', 'acknowledged', 'returned', 'shelved', 'suppressed', 'closed'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** One alarm from its beginning to its end. Instants in milliseconds since the epoch, the log's clock. */
export interface Alarm {
  /** Derives from kind, subject and the log entry that began it. At most one of a kind and subject is open. */
  alarmId: string;
  kind: AlarmKind;
  subject: string;
  department: string;
  severity: Severity;
  /** What is wrong, in words, as it was when the cause last began. */
  text: string;
  /** The asset that it is about, where it is about one. */
  asset?: string;
  /** What many alarms have in common: the cabinet or gateway, else the asset, the device, the rule or the department. */
  group: string;
  /** When it began first, and how often its cause has come since. */
  raisedAt: number;
  occurrences: number;
  /** When the cause began last. */
  activeSince: number;
  /** When the cause ended; absent while it lasts. */
  endedAt?: number;
  acknowledged?: { by: string; at: number; note?: string };
  shelved?: { by: string; at: number; until: number; reason: string };
  /** The open alarm of which this one is a consequence, as `<kind>|<subject>`: a gateway that is offline. Or, in words, who took it out of service and why. */
  under?: string;
  closedAt?: number;
  /** What happened to it: the first steps and the newest. */
  steps: AlarmStep[];
  /** Grows with every change: of two reports of an alarm the one with more is newer. */
  revision: number;
}

/** One step of an alarm's way. */
export interface AlarmStep {
  what: 'raised' | 'told' | 'acknowledged' | 'ended' | 'shelved' | 'unshelved' | 'suppressed' | 'released' | 'closed';
  at: number;
  /** The person, where one did it. */
  by?: string;
  /** Of `told`: the contact's name and the message that went to them; whether it arrived stands in the message's record. */
  to?: string;
  message?: string;
  /** What was wrong, why it ended, what the person said. */
  why?: string;
}

/** Where an alarm stands now. */
export function alarmState(alarm: Alarm): AlarmState {
  if (alarm.closedAt !== undefined) return 'closed';
  if (alarm.shelved) return 'shelved';
  if (alarm.under !== undefined) return 'suppressed';
  if (alarm.endedAt !== undefined) return 'returned';
  return alarm.acknowledged ? 'acknowledged' : 'unacknowledged';
}
