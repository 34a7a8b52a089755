// What is wrong: open alarms by severity, to be acknowledged or put aside, each with who was told of it and when.
import { useMemo, useState, type ReactNode } from 'react';

import { SEVERITIES, type Severity } from '../../../engine/model/alarm.ts';
import { useCity, usePicture } from '../city/live-city.tsx';
import { useWording } from '../texts/texts.tsx';
import { StateMark } from '../ui/marks.tsx';
import ui from '../ui/ui.module.css';
import { alarmBoard, type AlarmGroup } from './alarm-board.ts';
import { AlarmLine } from './alarm-line.tsx';
import styles from './alarms.module.css';
import { SeverityBadge } from './severity-badge.tsx';

/** The page. */
export function AlarmPage(): ReactNode {
  const { texts } = useWording();
  const alarms = useCity((city) => city.alarms);
  const isKnown = usePicture(({ city, connection }) => connection === 'live' || city.assets.size > 0);
  const [severity, setSeverity] = useState<Severity>();
  const board = useMemo(() => alarmBoard(alarms.values(), severity), [alarms, severity]);
  return (
    <main id="content" className={styles.page} tabIndex={-1}>
      <h1>{texts.alarms.title}</h1>
      {!isKnown && <p role="status">{texts.city.loading}</p>}
      {isKnown && (
        <>
          <div className={styles.grades} role="group" aria-label={texts.alarms.filter}>
            {SEVERITIES.map((one) => (
              <button
                key={one}
                type="button"
                className={styles.grade}
                aria-pressed={severity === one}
                onClick={() => setSeverity(severity === one ? undefined : one)}
              >
                <SeverityBadge severity={one} /> {board.counts[one]}
              </button>
            ))}
          </div>
          <Section title={texts.alarms.unseen} groups={board.unseen} empty={texts.alarms.noneUnseen} />
          <Section title={texts.alarms.seen} groups={board.seen} />
          <Section title={texts.alarms.shelvedOnes} groups={board.shelved} />
          {board.suppressed.length > 0 && (
            <details className={styles.folded}>
              <summary>{texts.alarms.suppressedOnes(sum(board.suppressed))}</summary>
              <Section title={texts.alarms.suppressedTitle} groups={board.suppressed} />
            </details>
          )}
        </>
      )}
    </main>
  );
}

const sum = (groups: readonly AlarmGroup[]): number => groups.reduce((count, { alarms }) => count + alarms.length, 0);

function Section(props: { title: string; groups: readonly AlarmGroup[]; empty?: string }): ReactNode {
  const { title, groups, empty } = props;
  if (groups.length === 0 && empty === undefined) return null;
  return (
    <section className={ui.panel} aria-label={title}>
      <div className={ui.panelHead}>
        <h2>{title}</h2>
      </div>
      {groups.length === 0 ? (
        <p className={styles.none}>
          <StateMark state="verified" /> {empty}
        </p>
      ) : (
        <ul className={styles.lines}>
          {groups.map((group) => (
            <AlarmLine key={group.key} group={group} />
          ))}
        </ul>
      )}
    </section>
  );
}
