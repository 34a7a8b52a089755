// Puts an alarm aside: for how long, and why.
import { useState, type ReactNode, type SubmitEvent } from 'react';

import type { Alarm } from '../../../engine/model/alarm.ts';
import { shelveAlarm, type Answer } from '../api.ts';
import { useWording } from '../texts/texts.tsx';
import styles from './alarms.module.css';

const DURATIONS = ['15 min', '1 h', '4 h', '12 h', '24 h'] as const;
const SHORTEST_REASON = 3;

/** What the form needs. */
interface ShelfFormProps {
  alarm: Alarm;
  /** Does it and shows what was refused; true when it was taken. */
  run: (deed: () => Promise<Answer<unknown>>) => Promise<boolean>;
  close: () => void;
}

/** The form. */
export function ShelfForm({ alarm, run, close }: ShelfFormProps): ReactNode {
  const { texts } = useWording();
  const [duration, setDuration] = useState<string>('1 h');
  const [reason, setReason] = useState('');
  const submit = async (): Promise<void> => {
    if (await run(() => shelveAlarm(alarm.alarmId, { duration, reason: reason.trim() }))) close();
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void submit();
  };
  return (
    <form className={styles.shelf} onSubmit={onSubmit}>
      <label>
        {texts.alarms.howLong}{' '}
        <select value={duration} onChange={(event) => setDuration(event.currentTarget.value)}>
          {DURATIONS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        {texts.alarms.reason}{' '}
        <input
          value={reason}
          minLength={SHORTEST_REASON}
          maxLength={300}
          required
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className={styles.deed}>
        {texts.alarms.shelve}
      </button>
      <button type="button" className={styles.deed} onClick={close}>
        {texts.alarms.cancel}
      </button>
    </form>
  );
}
