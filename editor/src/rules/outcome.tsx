// What came of saving, in words; problems as a list that leads to their places.
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

import { useWording } from '../texts/texts.tsx';
import { StateMark } from '../ui/marks.tsx';
import styles from './rules.module.css';
import type { Outcome as RuleOutcome } from './use-rule.ts';

/** The message; nothing while there is nothing to say. A conflict is shown by itself. */
export function Outcome({ outcome, goTo }: { outcome: RuleOutcome; goTo: (path: string) => void }): ReactNode {
  const { texts } = useWording();
  switch (outcome.is) {
    case 'none':
    case 'saving':
    case 'conflict':
      return null;
    case 'saved':
      return (
        <p role="status">
          <StateMark state="verified" /> {texts.rule.saved(outcome.version)}
        </p>
      );
    case 'not-json':
      return <Bad title={texts.rule.notJson} />;
    case 'failed':
      return (
        <Bad title={outcome.failure.status === 403 ? texts.rule.forbidden : texts.rule.notSaved}>
          {outcome.failure.status === 0 ? texts.errors.unreachable : outcome.failure.detail}
        </Bad>
      );
    case 'refused':
      return (
        <Bad title={texts.rule.problems(outcome.problems.length)}>
          <p>{texts.rule.problemsHelp}</p>
          <ul className={styles.problems}>
            {outcome.problems.map((problem) => (
              <li key={`${problem.path} ${problem.message}`}>
                <button type="button" onClick={() => goTo(problem.path)}>
                  <code>{problem.path === '' ? texts.rule.wholeDocument : problem.path}</code> {problem.message}
                </button>
              </li>
            ))}
          </ul>
        </Bad>
      );
  }
}

function Bad({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <Alert className={styles.bad ?? ''} variant="outline" color="red" title={title} role="alert">
      {children}
    </Alert>
  );
}
