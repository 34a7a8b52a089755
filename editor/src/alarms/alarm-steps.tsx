// What happened to an alarm: who was told and whether it reached them, who acknowledged it, how its cause came and went.
import { useCallback, type ReactNode } from 'react';

import type { Alarm, AlarmStep } from '../../../engine/model/alarm.ts';
import type { MessageRecord } from '../../../engine/model/one-shot.ts';
import { readAlarmMessages } from '../api.ts';
import { Time } from '../city/live-city.tsx';
import { useWording } from '../texts/texts.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import styles from './alarms.module.css';

/** The steps, the oldest first. */
export function AlarmSteps({ alarm }: { alarm: Alarm }): ReactNode {
  const { texts } = useWording();
  const { alarmId, steps } = alarm;
  const told = steps.filter(({ what }) => what === 'told').length;
  // Asked again whenever somebody else has been told.
  const ask = useCallback(() => readAlarmMessages(alarmId), [alarmId, told]);
  const answer = useAnswer(ask);
  const messages = answer?.ok ? answer.value.messages : [];
  return (
    <ol className={styles.steps} aria-label={texts.alarms.steps}>
      {steps.map((step, index) => (
        <li key={`${step.at} ${step.what} ${index}`}>
          <Time at={step.at} /> <StepText step={step} messages={messages} />
        </li>
      ))}
      {told === 0 && <li>{texts.alarms.nobodyTold}</li>}
    </ol>
  );
}

function StepText({ step, messages }: { step: AlarmStep; messages: readonly MessageRecord[] }): ReactNode {
  const { texts } = useWording();
  const { what, by, to, why } = step;
  if (what === 'told') {
    const record = messages.find(({ message }) => message.messageId === step.message);
    const end = record && texts.messageStates[record.state];
    return [texts.alarms.told(to ?? ''), end, record?.detail].filter(Boolean).join(' · ');
  }
  return [texts.alarmSteps[what], by, why].filter(Boolean).join(' · ');
}
