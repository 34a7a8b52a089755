// How urgent an alarm is: a word and a shape, so that nothing is said by colour alone.
import type { ReactNode } from 'react';

import type { Severity } from '../../../engine/model/alarm.ts';
import { useWording } from '../texts/texts.tsx';
import ui from '../ui/ui.module.css';
import styles from './alarms.module.css';

/** The word in its colour; the more urgent, the more it is filled. */
export function SeverityBadge({ severity }: { severity: Severity }): ReactNode {
  const { texts } = useWording();
  return <span className={`${ui.badge} ${styles[severity] ?? ''}`}>{texts.severities[severity]}</span>;
}
