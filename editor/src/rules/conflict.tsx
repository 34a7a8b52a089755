// Two authors at once: the newest version and one's own side by side, and the choice between them.
import { Button } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

import { createComparison } from '../monaco.ts';
import { useWording } from '../texts/texts.tsx';
import styles from './rules.module.css';
import { ruleText } from './rule-text.ts';
import { textOfRule, type Outcome } from './use-rule.ts';

/** Written in the same way as the other side, so that only what differs is marked. It was valid JSON when it was sent. */
const alike = (text: string): string => ruleText(JSON.parse(text));

interface ConflictProps {
  conflict: Extract<Outcome, { is: 'conflict' }>;
  onTake: () => void;
  onKeep: () => void;
  onClose: () => void;
}

/** The choice. Nothing is lost before one is made. */
export function Conflict({ conflict, onTake, onKeep, onClose }: ConflictProps): ReactNode {
  const { texts } = useWording();
  const element = useRef<HTMLDivElement>(null);
  const { theirs, yours } = conflict;
  useEffect(
    () => (element.current ? createComparison(element.current, textOfRule(theirs), alike(yours)) : undefined),
    [theirs, yours],
  );
  return (
    <section className={styles.conflict} role="alert">
      <p>{texts.rule.conflict(theirs.version, theirs.changedBy)}</p>
      <div className={styles.sides}>
        <strong>{texts.rule.conflictTheirs}</strong>
        <strong>{texts.rule.conflictYours}</strong>
      </div>
      <div className={styles.comparison} ref={element} />
      <div className={styles.choices}>
        <Button variant="default" onClick={onClose}>
          {texts.rule.keepEditing}
        </Button>
        <Button variant="default" onClick={onTake}>
          {texts.rule.takeTheirs}
        </Button>
        <Button onClick={onKeep}>{texts.rule.keepMine}</Button>
      </div>
    </section>
  );
}
