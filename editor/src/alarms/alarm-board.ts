// Open alarms as an operator works through them: what nobody has seen, what lasts, what was put aside, what follows from others. Pure.
import { alarmState, SEVERITIES, type Alarm, type AlarmState, type Severity } from '../../../engine/model/alarm.ts';
import type { CityState } from '../city/city-state.ts';

/** Alarms of one severity, kind and place: a cabinet's thousand lamps are one line. */
export interface AlarmGroup {
  key: string;
  /** The newest first; at least one. */
  alarms: readonly [Alarm, ...Alarm[]];
  /** How many alarms follow from these and want nothing by themselves. */
  followers: number;
}

/** The open alarms, in sections; each by severity, then the newest first. */
export interface AlarmBoard {
  /** Nobody has acknowledged them, over or not. */
  unseen: AlarmGroup[];
  /** Acknowledged, and their cause lasts. */
  seen: AlarmGroup[];
  shelved: AlarmGroup[];
  suppressed: AlarmGroup[];
  /** How many of each severity nobody has seen. */
  counts: Readonly<Record<Severity, number>>;
}

type Section = Exclude<keyof AlarmBoard, 'counts'>;

const SECTION_OF: Readonly<Record<AlarmState, Section | undefined>> = {
  unacknowledged: 'unseen',
  returned: 'unseen',
  acknowledged: 'seen',
  shelved: 'shelved',
  suppressed: 'suppressed',
  closed: undefined,
};

/** The name under which others say that they follow from it. */
const coverKey = ({ kind, subject }: Alarm): string => `${kind}|${subject}`;

const rank = ({ severity }: Alarm): number => SEVERITIES.indexOf(severity);

/** Puts alarms in order; with `severity`, those of one grade only. */
export function alarmBoard(alarms: Iterable<Alarm>, severity?: Severity): AlarmBoard {
  const all = [...alarms];
  const followers = new Map<string, number>();
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const alarm of all) {
    if (alarm.under !== undefined) followers.set(alarm.under, (followers.get(alarm.under) ?? 0) + 1);
    if (SECTION_OF[alarmState(alarm)] === 'unseen') counts[alarm.severity] += 1;
  }
  const wanted = severity === undefined ? all : all.filter((alarm) => alarm.severity === severity);
  const sections = Map.groupBy(wanted, (alarm) => SECTION_OF[alarmState(alarm)]);
  const groups = (section: Section): AlarmGroup[] => grouped(sections.get(section) ?? [], followers);
  return {
    unseen: groups('unseen'),
    seen: groups('seen'),
    shelved: groups('shelved'),
    suppressed: groups('suppressed'),
    counts,
  };
}

function grouped(alarms: readonly Alarm[], followers: ReadonlyMap<string, number>): AlarmGroup[] {
  const sorted = alarms.toSorted(
    (left, right) =>
      rank(left) - rank(right) || right.activeSince - left.activeSince || (left.alarmId < right.alarmId ? -1 : 1),
  );
  return [...Map.groupBy(sorted, lineOf)].flatMap(([key, [first, ...others]]) =>
    first
      ? [
          {
            key,
            alarms: [first, ...others] as const,
            followers: [first, ...others].reduce((sum, one) => sum + (followers.get(coverKey(one)) ?? 0), 0),
          },
        ]
      : [],
  );
}

/** How many lines nobody has acknowledged yet. */
export function countUnseen({ alarms }: Pick<CityState, 'alarms'>): number {
  const lines = new Set<string>();
  for (const alarm of alarms.values()) if (SECTION_OF[alarmState(alarm)] === 'unseen') lines.add(lineOf(alarm));
  return lines.size;
}

const lineOf = ({ severity, kind, group }: Alarm): string => `${severity} ${kind} ${group}`;
