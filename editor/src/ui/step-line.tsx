// A command's way as a row of marks: queued, sent, accepted, verified, or how else it ended.
import type { ReactNode } from 'react';

import type { CommandRecord, CommandState } from '../../../engine/model/command.ts';
import { stateOf } from '../city/city-state.ts';
import { useWording } from '../texts/texts.tsx';
import { StateMark, STATE_TONES, toneClass } from './marks.tsx';
import styles from './ui.module.css';

/** The way of a command that nothing stops. */
const GOOD_WAY: readonly CommandState[] = ['queued', 'sent', 'accepted', 'verified'];

/** The steps that a row of marks shows: those behind, where it stands, and those that may still come. */
export function stepsShown(record: CommandRecord): { state: CommandState; reached: boolean }[] {
  const now = stateOf(record);
  const position = GOOD_WAY.indexOf(now);
  if (position === -1) {
    const behind = record.steps.map((step) => step.state).filter((state) => state !== now);
    return [...new Set([...behind, now])].map((state) => ({ state, reached: true }));
  }
  return GOOD_WAY.map((state, index) => ({ state, reached: index <= position }));
}

/** The row of marks with the present state in words. */
export function StepLine({ record }: { record: CommandRecord }): ReactNode {
  const { texts } = useWording();
  const now = stateOf(record);
  const shown = stepsShown(record);
  const isUnderWay = STATE_TONES[now] === 'run';
  return (
    <span className={styles.steps}>
      <span className={styles.track} aria-hidden="true">
        {shown.map(({ state, reached }, index) => (
          <span key={state} className={`${styles.track} ${toneClass(reached ? STATE_TONES[state] : 'idle')}`}>
            {index > 0 && <span className={styles.link} />}
            {reached ? (
              <StateMark state={state} pulse={isUnderWay && state === now} />
            ) : (
              <svg className={styles.mark} viewBox="0 0 14 14">
                <circle cx="7" cy="7" r="2.2" fill="currentColor" />
              </svg>
            )}
          </span>
        ))}
      </span>
      <span className={STATE_TONES[now] === 'idle' ? styles.muted : toneClass(STATE_TONES[now])} data-state={now}>
        {texts.states[now]}
      </span>
    </span>
  );
}
