// One line of the alarms' page: what is wrong, since when, and what an operator can do about it.
import { useCallback, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { alarmState, type Alarm } from '../../../engine/model/alarm.ts';
import { acknowledgeAlarms, unshelveAlarm, type Answer } from '../api.ts';
import { Time, useCity } from '../city/live-city.tsx';
import { nameIn, titleOf } from '../city/words.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import ui from '../ui/ui.module.css';
import type { AlarmGroup } from './alarm-board.ts';
import { AlarmSteps } from './alarm-steps.tsx';
import styles from './alarms.module.css';
import { SeverityBadge } from './severity-badge.tsx';
import { ShelfForm } from './shelf-form.tsx';

/** Alarms of a group that are shown one by one; more are counted. */
const MOST_SHOWN = 50;
/** The most that the API takes in one go. */
const MOST_AT_ONCE = 1_000;

/** A line: one alarm, or several that have severity, kind and place in common. */
export function AlarmLine({ group }: { group: AlarmGroup }): ReactNode {
  const { texts } = useWording();
  const [isOpen, setOpen] = useState(false);
  const { alarms, followers } = group;
  const [first] = alarms;
  const isOne = alarms.length === 1;
  return (
    <li className={styles.line}>
      <div className={styles.head}>
        <SeverityBadge severity={first.severity} />
        <div className={styles.what}>
          <strong>
            {isOne ? '' : `${alarms.length} × `}
            {nameIn(texts.alarmKinds, first.kind)}
          </strong>{' '}
          <About alarm={first} isOne={isOne} />
          <div className={styles.why}>{first.text}</div>
          <Standing alarm={first} followers={followers} />
        </div>
        <Deeds alarms={alarms} />
        <button
          type="button"
          className={`${ui.plainButton} ${ui.textButton} ${styles.more}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? texts.alarms.less : texts.alarms.details}
        </button>
      </div>
      {isOpen && (isOne ? <AlarmSteps alarm={first} /> : <Members alarms={alarms} />)}
    </li>
  );
}

function About({ alarm, isOne }: { alarm: Alarm; isOne: boolean }): ReactNode {
  const assets = useCity((city) => city.assets);
  const id = isOne ? (alarm.asset ?? alarm.subject) : alarm.group;
  if (!assets.has(id)) return <code>{id}</code>;
  return <Link to={`/?asset=${encodeURIComponent(id)}`}>{titleOf(assets, id)}</Link>;
}

function Standing({ alarm, followers }: { alarm: Alarm; followers: number }): ReactNode {
  const { texts } = useWording();
  const state = alarmState(alarm);
  const { acknowledged, shelved, endedAt, occurrences, activeSince } = alarm;
  return (
    <p className={styles.standing}>
      <span>{texts.alarmStates[state]}</span>
      <span>
        {texts.alarms.since} <Time at={activeSince} />
      </span>
      {endedAt !== undefined && (
        <span>
          {texts.alarms.until} <Time at={endedAt} />
        </span>
      )}
      {occurrences > 1 && <span>{texts.alarms.times(occurrences)}</span>}
      {acknowledged && <span>{texts.alarms.acknowledgedBy(acknowledged.by)}</span>}
      {shelved && (
        <span>
          {texts.alarms.shelvedBy(shelved.by, shelved.reason)} <Time at={shelved.until} />
        </span>
      )}
      {followers > 0 && <span>{texts.alarms.followers(followers)}</span>}
    </p>
  );
}

/** What can be done; what the box refuses is said in its words. */
function Deeds({ alarms }: { alarms: readonly [Alarm, ...Alarm[]] }): ReactNode {
  const { texts } = useWording();
  const [asks, setAsks] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [first] = alarms;
  const state = alarmState(first);
  const run = useCallback(
    async (deed: () => Promise<Answer<unknown>>) => {
      setRefusal(undefined);
      const answer = await deed();
      if (!answer.ok) setRefusal(answer.failure.detail || texts.errors.unreachable);
      return answer.ok;
    },
    [texts],
  );
  const canShelve = alarms.length === 1 && first.severity !== 'critical' && state !== 'shelved';
  return (
    <div className={styles.deeds}>
      {(state === 'unacknowledged' || state === 'returned') && (
        <button type="button" className={styles.deed} onClick={() => void run(() => acknowledgeAll(alarms))}>
          <Sign name="true" /> {texts.alarms.acknowledge}
        </button>
      )}
      {canShelve && !asks && (
        <button type="button" className={styles.deed} onClick={() => setAsks(true)}>
          <Sign name="shelf" /> {texts.alarms.shelve}
        </button>
      )}
      {state === 'shelved' && (
        <button type="button" className={styles.deed} onClick={() => void run(() => unshelveAlarm(first.alarmId))}>
          {texts.alarms.unshelve}
        </button>
      )}
      {asks && canShelve && <ShelfForm alarm={first} run={run} close={() => setAsks(false)} />}
      {refusal !== undefined && (
        <p role="alert" className={styles.refusal}>
          {refusal}
        </p>
      )}
    </div>
  );
}

async function acknowledgeAll(alarms: readonly Alarm[]): Promise<Answer<unknown>> {
  let answer: Answer<unknown> = { ok: true, value: undefined };
  for (let from = 0; from < alarms.length && answer.ok; from += MOST_AT_ONCE)
    answer = await acknowledgeAlarms(alarms.slice(from, from + MOST_AT_ONCE).map(({ alarmId }) => alarmId));
  return answer;
}

function Members({ alarms }: { alarms: readonly Alarm[] }): ReactNode {
  const { texts } = useWording();
  const rest = alarms.length - MOST_SHOWN;
  return (
    <ul className={styles.members}>
      {alarms.slice(0, MOST_SHOWN).map((alarm) => (
        <AlarmLine key={alarm.alarmId} group={{ key: alarm.alarmId, alarms: [alarm], followers: 0 }} />
      ))}
      {rest > 0 && <li className={styles.none}>{texts.attention.more(rest)}</li>}
    </ul>
  );
}
